// Plain functions over what Swift 6 cannot use of curses: its mutable globals and its macros.
#ifndef SKUA_NCURSES_SHIM_H
#define SKUA_NCURSES_SHIM_H

#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

// From <term.h>, which cannot be included: it defines `lines`, `columns` and a hundred other words as macros.
extern int setupterm(const char *name, int file, int *error);

// Reads the terminal's description. 1 if found.
static inline int skua_load_terminal(const char *name) {
  int error = 0;
  return setupterm((char *)name, 1, &error) == OK ? 1 : 0;
}

static inline int skua_terminal_number(const char *capability) { return tigetnum((char *)capability); }
static inline int skua_terminal_flag(const char *capability) { return tigetflag((char *)capability) == 1; }

// NULL if the terminal has no such capability.
static inline const char *skua_terminal_string(const char *capability) {
  const char *value = tigetstr((char *)capability);
  return value == (const char *)-1 ? NULL : value;
}

static inline int skua_locale_is_utf8(void) {
  setlocale(LC_ALL, "");
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

// Starts curses on standard input and output. 1 if it worked.
static inline int skua_start(const char *name) {
  SCREEN *screen = newterm((char *)name, stdout, stdin);
  if (screen == NULL) return 0;
  set_term(screen);
  raw();
  noecho();
  nonl();
  intrflush(stdscr, FALSE);
  idlok(stdscr, TRUE);
  idcok(stdscr, TRUE);
  leaveok(stdscr, FALSE);
  scrollok(stdscr, FALSE);
  typeahead(-1);
  return 1;
}

// Starts colour with the terminal's own foreground and background as -1. Returns how many colours there are.
static inline int skua_start_colour(void) {
  if (!has_colors() || start_color() == ERR) return 0;
  use_default_colors();
  return COLORS;
}

static inline int skua_pair_count(void) { return COLOR_PAIRS; }
static inline int skua_set_pair(int pair, int foreground, int background) {
  return init_extended_pair(pair, foreground, background);
}

// Puts one glyph of `columns` columns. If the C library thinks it has another width, a question mark stands in for it,
// since a disagreement would shift the rest of the line.
static inline void skua_put(int y, int x, const wchar_t *glyph, int columns, unsigned int attributes, int pair) {
  cchar_t cell;
  wchar_t fallback[2] = {L'?', 0};
  if (glyph[0] >= 0x80 && wcwidth(glyph[0]) != columns) glyph = fallback;
  if (setcchar(&cell, glyph, (attr_t)attributes, 0, &pair) == ERR) {
    setcchar(&cell, fallback, (attr_t)attributes, 0, &pair);
  }
  mvadd_wchnstr(y, x, &cell, 1);
}

static inline void skua_show_cursor(int y, int x) {
  move(y, x);
  curs_set(1);
}

static inline void skua_hide_cursor(void) { curs_set(0); }
static inline void skua_flush(void) {
  wnoutrefresh(stdscr);
  doupdate();
}

// Forgets what is on the screen: the next flush sends all of it.
static inline void skua_redraw_all(void) { clearok(curscr, TRUE); }
static inline void skua_erase(void) { werase(stdscr); }
static inline void skua_resize(int rows, int columns) {
  resizeterm(rows, columns);
  werase(stdscr);
}
static inline int skua_rows(void) { return LINES; }
static inline int skua_columns(void) { return COLS; }

static inline unsigned int skua_attribute_bold(void) { return A_BOLD; }
static inline unsigned int skua_attribute_dim(void) { return A_DIM; }
static inline unsigned int skua_attribute_italic(void) { return A_ITALIC; }
static inline unsigned int skua_attribute_underline(void) { return A_UNDERLINE; }
static inline unsigned int skua_attribute_reverse(void) { return A_REVERSE; }

static inline void skua_leave(void) { endwin(); }
static inline void skua_return(void) {
  reset_prog_mode();
  raw();
  clearok(curscr, TRUE);
}

#endif
