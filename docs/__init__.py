"""The documents, and what makes parts of them: tables from the registers, the site, the small reference result."""
