/* Preloaded into a batch: counts what it does to files and, at the Nth deed, kills it before or amid it.
 *
 * A deed is a write, a sync, a truncation, a rename or a removal. A write is stopped half way, so that a torn
 * one is left behind. stop_at(0) only counts; deeds() says how many there were.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static long count, last, counting;

void stop_at(long number) { count = 0; last = number; counting = 1; }
long deeds(void) { return count; }

static int due(void) { return counting && ++count == last; }

static int is_file(int fd) {
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size) {
    if (is_file(fd) && due()) { REAL(write)(fd, data, size / 2); kill(getpid(), SIGKILL); }
    return REAL(write)(fd, data, size);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t place) {
    if (due()) { REAL(pwrite64)(fd, data, size / 2, place); kill(getpid(), SIGKILL); }
    return REAL(pwrite64)(fd, data, size, place);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t place) {
    if (due()) { REAL(pwrite)(fd, data, size / 2, place); kill(getpid(), SIGKILL); }
    return REAL(pwrite)(fd, data, size, place);
}
int fsync(int fd) { if (due()) kill(getpid(), SIGKILL); return REAL(fsync)(fd); }
int fdatasync(int fd) { if (due()) kill(getpid(), SIGKILL); return REAL(fdatasync)(fd); }
int ftruncate64(int fd, off64_t size) { if (due()) kill(getpid(), SIGKILL); return REAL(ftruncate64)(fd, size); }
int ftruncate(int fd, off_t size) { if (due()) kill(getpid(), SIGKILL); return REAL(ftruncate)(fd, size); }
int rename(const char *from, const char *to) { if (due()) kill(getpid(), SIGKILL); return REAL(rename)(from, to); }
int unlink(const char *path) { if (due()) kill(getpid(), SIGKILL); return REAL(unlink)(path); }
