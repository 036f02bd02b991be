// Tells ThreadSanitizer what it cannot see of Swift's Mutex on Linux.
//
// The fast path of Mutex is inlined into our instrumented code; where two threads meet, the standard library goes
// through the two functions below, which are not instrumented, and the kernel hands the lock over. ThreadSanitizer
// then reports a race between two holders of one lock (Tests/Sanitizers/mutex.swift shows it in twenty lines). `make
// sanitize` preloads this: the functions do what they always do, and say so.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

SWIFT void lock(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void unlock(SELF void *mutex) __asm__(UNLOCK);

SWIFT void lock(uint32_t thread, SELF void *mutex) {
  static SWIFT void (*original)(uint32_t, SELF void *);
  if (!original) original = (SWIFT void (*)(uint32_t, SELF void *))dlsym(RTLD_NEXT, LOCK);
  original(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlock(SELF void *mutex) {
  static SWIFT void (*original)(SELF void *);
  if (!original) original = (SWIFT void (*)(SELF void *))dlsym(RTLD_NEXT, UNLOCK);
  if (__tsan_release) __tsan_release(mutex);
  original(mutex);
}
