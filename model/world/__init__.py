"""The world that actors change: people, money, force, custody, and what is believed."""
