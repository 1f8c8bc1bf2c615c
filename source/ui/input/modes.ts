// What a terminal is asked to send beyond keys, and how to take all of it back.

/** Presses and the wheel (1000), told by numbers of any size (1006). */
export const MOUSE_ON = '\u{1b}[?1000h\u{1b}[?1006h';
export const MOUSE_OFF = '\u{1b}[?1006l\u{1b}[?1000l';

/** Whether the window has the focus (1004), and where pasted text begins and ends (2004). */
export const INPUT_ON = '\u{1b}[?1004h\u{1b}[?2004h';

/** Also what we never ask for: someone before us may have left it on, and every one of these breaks a shell. */
export const ALL_OFF = '\u{1b}[?1006l\u{1b}[?1003l\u{1b}[?1002l\u{1b}[?1000l\u{1b}[?1004l\u{1b}[?2004l';
