// Sequences for the terminal's status besides the screen: its title, its progress (a bar on the tab or in the dock), a
// notification at the end of a run. Text in them is made safe here: an OSC sequence ends at the first control character.
import {safe} from '../../text/safe.ts';
import {truncateEnd} from '../../text/width.ts';

const ESC = '\u{1b}';
const BEL = '\u{7}';
/** String terminator. Its other form, BEL, rings in terminals that do not know the sequence before it. */
const ST = `${ESC}\\`;

const TITLE_COLUMNS = 120;

/** Nothing in it ends the sequence early or is obeyed; `;` would end a field. */
const field = (text: string): string => truncateEnd(safe(text), TITLE_COLUMNS).replaceAll(';', ',');

export const setTitle = (title: string): string => `${ESC}]2;${field(title)}${ST}`;
/** Pushes the window's title to the terminal's own stack of titles (XTWINOPS). */
export const SAVE_TITLE = `${ESC}[22;2t`;
/** Pops it; a terminal without such a stack is left without a title, because most shell prompts set one again. */
export const RESTORE_TITLE = `${setTitle('')}${ESC}[23;2t`;

export type ProgressState = 'normal' | 'error' | 'unknown' | 'paused';
const PROGRESS_CODES: Readonly<Record<ProgressState, number>> = {normal: 1, error: 2, unknown: 3, paused: 4};

/** ConEmu's OSC 9;4, which Windows Terminal, Ghostty, kitty, WezTerm and others know. */
export const setProgress = (state: ProgressState, percent: number): string =>
	`${ESC}]9;4;${PROGRESS_CODES[state]};${Math.max(0, Math.min(100, Math.floor(percent)))}${ST}`;
export const REMOVE_PROGRESS = `${ESC}]9;4;0;0${ST}`;

export type Notification = 'none' | 'bell' | 'osc9' | 'osc777';

export function notification(kind: Notification, title: string, text: string): string {
	switch (kind) {
		case 'none':
			return '';
		case 'bell':
			return BEL;
		case 'osc9':
			return `${ESC}]9;${field(`${title}: ${text}`)}${ST}`;
		case 'osc777':
			return `${ESC}]777;notify;${field(title)};${field(text)}${ST}`;
	}
}

/**
Passes a sequence through tmux to the terminal around it (`allow-passthrough` must be on there, otherwise tmux drops it). tmux
handles the bell and the title itself.
*/
export const throughTmux = (sequence: string): string =>
	sequence === '' || sequence === BEL ? sequence : `${ESC}Ptmux;${sequence.replaceAll(ESC, ESC + ESC)}${ST}`;

/** The notification that the terminal probably supports; all support the bell. */
export function detectNotification(env: Readonly<Record<string, string | undefined>>): Notification {
	const program = env.TERM_PROGRAM ?? '';
	const term = env.TERM ?? '';
	if (
		['iTerm.app', 'WezTerm', 'ghostty'].includes(program) ||
		term === 'xterm-ghostty' ||
		env.ConEmuPID !== undefined
	) {
		return 'osc9';
	}
	return /^(rxvt-unicode|foot)/.test(term) || env.VTE_VERSION !== undefined ? 'osc777' : 'bell';
}
