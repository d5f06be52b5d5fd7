/*
 * Preloaded into a server, records what it does to the files of one directory, and when it answers 250 to a message, in one order for all
 * processes: what a disk needs to know to say what a power cut would have left. Records are read by power-cut.ts.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_FDS 65536
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
static const char ACCEPTED[] = "250 2.6.0 Accepted as ";
#define ID_BYTES 36

/* Of each descriptor the inode, when it is of a file in the directory; 1 for the directory itself, which is no inode of a file. */
static uint64_t inodes[MAX_FDS];
#define DIRECTORY 1
static const char *directory;
static size_t directory_length;
static int log_fd = -1;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int, const void *, size_t);

__attribute__((constructor)) static void begin(void) {
  real_write = REAL(write);
  directory = getenv("FAULT_DIR");
  const char *log = getenv("FAULT_LOG");
  if (directory == NULL || log == NULL) return;
  directory_length = strlen(directory);
  log_fd = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Held over the operation and its record, so that the order of records is that of the operations, among threads and processes. */
static void lock(void) {
  pthread_mutex_lock(&mutex);
  flock(log_fd, LOCK_EX);
}

static void unlock(void) {
  flock(log_fd, LOCK_UN);
  pthread_mutex_unlock(&mutex);
}

struct __attribute__((packed)) header {
  uint8_t kind;
  uint64_t inode;
  uint64_t offset;
  uint32_t length;
};

/* In one write: a process that is killed leaves whole records. */
static void record(char kind, uint64_t inode, uint64_t offset, const void *bytes, size_t length) {
  struct header header = {(uint8_t)kind, inode, offset, (uint32_t)length};
  char *whole = malloc(sizeof header + length);
  memcpy(whole, &header, sizeof header);
  memcpy(whole + sizeof header, bytes, length);
  if (real_write(log_fd, whole, sizeof header + length) != (ssize_t)(sizeof header + length)) abort();
  free(whole);
}

/* The name below the directory; the empty one for the directory itself; NULL for any other file. */
static const char *name_of(const char *path) {
  if (log_fd < 0 || path == NULL || strncmp(path, directory, directory_length) != 0) return NULL;
  if (path[directory_length] == '\0') return "";
  return path[directory_length] == '/' ? path + directory_length + 1 : NULL;
}

static uint64_t inode_of(int fd) { return log_fd >= 0 && fd >= 0 && fd < MAX_FDS ? inodes[fd] : 0; }

static int opened(int fd, const char *path, int flags) {
  const char *name = name_of(path);
  if (name == NULL || fd < 0 || fd >= MAX_FDS) return fd;
  struct stat stats;
  fstat(fd, &stats);
  inodes[fd] = S_ISDIR(stats.st_mode) ? DIRECTORY : stats.st_ino;
  if (inodes[fd] == DIRECTORY) return fd;
  record('O', stats.st_ino, 0, name, strlen(name));
  if (flags & O_TRUNC) record('T', stats.st_ino, 0, "", 0);
  return fd;
}

#define OPEN(NAME)                                                                                                                   \
  int NAME(const char *path, int flags, ...) {                                                                                       \
    mode_t mode = 0;                                                                                                                 \
    if (flags & (O_CREAT | O_TMPFILE)) {                                                                                             \
      va_list rest;                                                                                                                  \
      va_start(rest, flags);                                                                                                         \
      mode = va_arg(rest, mode_t);                                                                                                   \
      va_end(rest);                                                                                                                  \
    }                                                                                                                                \
    if (name_of(path) == NULL) return REAL(NAME)(path, flags, mode);                                                                 \
    lock();                                                                                                                          \
    int fd = opened(REAL(NAME)(path, flags, mode), path, flags);                                                                     \
    unlock();                                                                                                                        \
    return fd;                                                                                                                       \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  if (fd >= 0 && fd < MAX_FDS) inodes[fd] = 0;
  return REAL(close)(fd);
}

#define PWRITE(NAME, OFFSET)                                                                                                         \
  ssize_t NAME(int fd, const void *bytes, size_t length, OFFSET offset) {                                                            \
    uint64_t inode = inode_of(fd);                                                                                                   \
    if (inode == 0) return REAL(NAME)(fd, bytes, length, offset);                                                                    \
    lock();                                                                                                                          \
    ssize_t written = REAL(NAME)(fd, bytes, length, offset);                                                                         \
    if (written > 0) record('W', inode, (uint64_t)offset, bytes, (size_t)written);                                                   \
    unlock();                                                                                                                        \
    return written;                                                                                                                  \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

/* Before it is written: whoever hears it may be sure of what was recorded before. */
static void find_answers(const char *bytes, size_t length) {
  const char *end = bytes + length;
  const char *at = bytes;
  while ((at = memmem(at, (size_t)(end - at), ACCEPTED, sizeof ACCEPTED - 1)) != NULL) {
    at += sizeof ACCEPTED - 1;
    if (end - at < ID_BYTES) return;
    lock();
    record('A', 0, 0, at, ID_BYTES);
    unlock();
  }
}

ssize_t write(int fd, const void *bytes, size_t length) {
  uint64_t inode = inode_of(fd);
  if (inode == 0) {
    if (log_fd >= 0 && fd != log_fd) find_answers(bytes, length);
    return real_write == NULL ? REAL(write)(fd, bytes, length) : real_write(fd, bytes, length);
  }
  lock();
  ssize_t written = real_write(fd, bytes, length);
  /* Where it ended up is known afterwards, also of a file that is appended to. */
  if (written > 0) record('W', inode, (uint64_t)lseek(fd, 0, SEEK_CUR) - (uint64_t)written, bytes, (size_t)written);
  unlock();
  return written;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (log_fd >= 0) {
    for (int index = 0; index < count; index += 1) find_answers(parts[index].iov_base, parts[index].iov_len);
  }
  return REAL(writev)(fd, parts, count);
}

#define SYNC(NAME)                                                                                                                   \
  int NAME(int fd) {                                                                                                                 \
    uint64_t inode = inode_of(fd);                                                                                                   \
    if (inode == 0) return REAL(NAME)(fd);                                                                                           \
    lock();                                                                                                                          \
    int result = REAL(NAME)(fd);                                                                                                     \
    if (result == 0) record('S', inode, 0, "", 0);                                                                                   \
    unlock();                                                                                                                        \
    return result;                                                                                                                   \
  }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(NAME, LENGTH)                                                                                                       \
  int NAME(int fd, LENGTH length) {                                                                                                  \
    uint64_t inode = inode_of(fd);                                                                                                   \
    if (inode == 0) return REAL(NAME)(fd, length);                                                                                   \
    lock();                                                                                                                          \
    int result = REAL(NAME)(fd, length);                                                                                             \
    if (result == 0) record('T', inode, (uint64_t)length, "", 0);                                                                    \
    unlock();                                                                                                                        \
    return result;                                                                                                                   \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int unlink(const char *path) {
  const char *name = name_of(path);
  if (name == NULL) return REAL(unlink)(path);
  lock();
  int result = REAL(unlink)(path);
  if (result == 0) record('U', 0, 0, name, strlen(name));
  unlock();
  return result;
}
