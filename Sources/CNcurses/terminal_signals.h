// Signals, in C since a handler may only do what is safe in one: write a byte, or put the terminal back and die.
//
// The state hangs off one static pointer (Swift emits a header's static scalars, but not its static arrays), so only
// TerminalSignals.swift may call these functions: each object file that did would have a pointer of its own.
#ifndef SKUA_TERMINAL_SIGNALS_H
#define SKUA_TERMINAL_SIGNALS_H

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { skua_told_count = 6, skua_fatal_count = 6 };

struct skua_signal_state {
  int pipe;
  volatile sig_atomic_t armed;
  char restore[512];
  size_t restore_length;
  struct termios modes;
  int has_modes;
  struct sigaction told_before[skua_told_count];
  struct sigaction fatal_before[skua_fatal_count];
};

static struct skua_signal_state *skua_signals = 0;

static int skua_told_signal(int index) {
  switch (index) {
    case 0: return SIGWINCH;
    case 1: return SIGTERM;
    case 2: return SIGHUP;
    case 3: return SIGINT;
    case 4: return SIGTSTP;
    default: return SIGCONT;
  }
}

static int skua_fatal_signal(int index) {
  switch (index) {
    case 0: return SIGSEGV;
    case 1: return SIGILL;
    case 2: return SIGTRAP;
    case 3: return SIGABRT;
    case 4: return SIGBUS;
    default: return SIGFPE;
  }
}

static void skua_tell(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  if (skua_signals && skua_signals->pipe >= 0) (void)!write(skua_signals->pipe, &byte, 1);
  errno = saved;
}

static void skua_restore_terminal(void) {
  struct skua_signal_state *state = skua_signals;
  if (!state || !state->armed) return;
  state->armed = 0;
  (void)!write(1, state->restore, state->restore_length);
  if (state->has_modes) tcsetattr(0, TCSANOW, &state->modes);
}

// Puts the terminal back, then lets whoever handled the signal before have it.
static void skua_crash(int number) {
  skua_restore_terminal();
  for (int i = 0; i < skua_fatal_count; i++) {
    if (skua_signals && skua_fatal_signal(i) == number) sigaction(number, &skua_signals->fatal_before[i], 0);
  }
  raise(number);
}

// Keeps the modes the terminal has now, to be put back at the end.
static inline void skua_signals_save_modes(void) {
  if (!skua_signals) skua_signals = (struct skua_signal_state *)calloc(1, sizeof *skua_signals);
  if (!skua_signals) return;
  skua_signals->pipe = -1;
  skua_signals->has_modes = tcgetattr(0, &skua_signals->modes) == 0;
}

static inline void skua_signals_install(int pipe, const char *restore, size_t length) {
  struct skua_signal_state *state = skua_signals;
  if (!state) return;
  state->pipe = pipe;
  state->restore_length = length < sizeof state->restore ? length : sizeof state->restore;
  memcpy(state->restore, restore, state->restore_length);
  state->armed = 1;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  action.sa_handler = skua_tell;
  for (int i = 0; i < skua_told_count; i++) sigaction(skua_told_signal(i), &action, &state->told_before[i]);
  // Its own signal stays unblocked: the handler raises it again for the one before it.
  action.sa_flags = SA_NODEFER;
  action.sa_handler = skua_crash;
  for (int i = 0; i < skua_fatal_count; i++) sigaction(skua_fatal_signal(i), &action, &state->fatal_before[i]);
}

static void skua_heard(int number) { (void)number; }

// A program told to end has a store to close: being told once more, as by a terminal that closes, must not cut that short.
static inline void skua_signals_remove(void) {
  struct skua_signal_state *state = skua_signals;
  if (!state || state->pipe < 0) return;
  state->armed = 0;
  for (int i = 0; i < skua_told_count; i++) {
    int number = skua_told_signal(i);
    struct sigaction before = state->told_before[i];
    if ((number == SIGHUP || number == SIGTERM) && before.sa_handler == SIG_DFL) before.sa_handler = skua_heard;
    sigaction(number, &before, 0);
  }
  for (int i = 0; i < skua_fatal_count; i++) sigaction(skua_fatal_signal(i), &state->fatal_before[i], 0);
  state->pipe = -1;
}

static inline void skua_signals_disarm(void) { if (skua_signals) skua_signals->armed = 0; }
static inline void skua_signals_arm(void) { if (skua_signals) skua_signals->armed = 1; }

// Stops the process as Ctrl-Z does; returns when it is continued.
static inline void skua_signals_stop_process(void) {
  struct sigaction plain, kept;
  memset(&plain, 0, sizeof plain);
  sigemptyset(&plain.sa_mask);
  plain.sa_handler = SIG_DFL;
  sigaction(SIGTSTP, &plain, &kept);
  // To this thread, so that the process has stopped before the next line; a thread of Dispatch's blocks it.
  sigset_t stop, mask;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, &mask);
  raise(SIGTSTP);
  pthread_sigmask(SIG_SETMASK, &mask, 0);
  sigaction(SIGTSTP, &kept, 0);
}

#endif
