// Terminal modes for input beyond keys, and how to switch all of them off.

/** Presses and the wheel (1000), with coordinates of any size (1006). */
export const MOUSE_ON = '\u{1b}[?1000h\u{1b}[?1006h';
export const MOUSE_OFF = '\u{1b}[?1006l\u{1b}[?1000l';

/** Reports of the window's focus (1004), and of where pasted text begins and ends (2004). */
export const INPUT_ON = '\u{1b}[?1004h\u{1b}[?2004h';

/** Includes modes that this program never sets: an earlier program may have left them on, and each of them breaks a shell. */
export const ALL_OFF = '\u{1b}[?1006l\u{1b}[?1003l\u{1b}[?1002l\u{1b}[?1000l\u{1b}[?1004l\u{1b}[?2004l';
