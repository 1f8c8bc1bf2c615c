// The keyboard of the dashboard. Ink does not read it: to Ink a mouse report is nothing, a terminal's answer is typed
// text, Ctrl+Z is a letter, and an arrow key that a slow link cuts in two is Escape with `[A` behind it. So the bytes go
// through our tokenizer, and Ink is given an input that stays silent.

import {typedText} from './key-names.ts';
import {Tokenizer, type Waiting} from './tokenizer.ts';
import type {Token} from './tokens.ts';

export interface Input {
	readonly subscribe: (listener: (token: Token) => void) => () => void;
	/** Nothing is read any more, and the stream holds no process back. */
	readonly close: () => void;
}

export interface InputOptions {
	readonly stdin: NodeJS.ReadStream;
	/** How long a lone ESC may be the beginning of something; then it is the Escape key. */
	readonly escapeMs: number;
}

/** Locally a sequence comes in one piece; over a network its pieces may be a few round trips of TCP apart. */
export const LOCAL_ESCAPE_MS = 25;
export const REMOTE_ESCAPE_MS = 100;

/** Nobody types the beginning of a sequence: a slow one may take its time. */
const SEQUENCE_MS = 1000;
const PASTE_MS = 2000;

/**
Longer text that comes at once is a paste, also where the terminal does not say so: nobody types as fast, and nothing of
it is obeyed.
*/
const TYPED_AT_ONCE = 16;

const EARLY_LIMIT = 100;

/** A key that is held down comes as fast as the rest of a paste; after so long, it is a key. */
const LONGEST_QUIET_MS = 1000;

/** A paste of so much may have been cut on its way, and the next piece be the rest of it. */
const CUT_LENGTH = 256;

export function openInput({stdin, escapeMs}: InputOptions): Input {
	const tokenizer = new Tokenizer();
	const listeners = new Set<(token: Token) => void>();
	/** What came before anyone listened: the screen is not there in the moment the terminal is. */
	const early: Token[] = [];
	let timer: NodeJS.Timeout | undefined;
	let pieceCount = 0;
	let isClosed = false;
	/** A paste may hold the end of a paste, so that the rest of it looks typed. It comes at once, and no person does. */
	const quietMs = escapeMs * 2;
	let quietUntilMs = Number.NEGATIVE_INFINITY;
	let longestQuietMs = Number.NEGATIVE_INFINITY;

	const tell = (tokens: readonly Token[]): void => {
		for (const token of tokens) {
			if (isClosed) return;
			const isLeftover = performance.now() < quietUntilMs && token.type !== 'focus' && token.type !== 'paste';
			if (token.type === 'paste' && !token.isWhole) {
				quietUntilMs = performance.now() + quietMs;
				longestQuietMs = performance.now() + LONGEST_QUIET_MS;
			}
			if (isLeftover) continue;
			if (listeners.size === 0 && early.length < EARLY_LIMIT) early.push(token);
			for (const listener of listeners) listener(token);
		}
	};
	const waitFor = (waiting: Waiting): void => {
		clearTimeout(timer);
		timer = undefined;
		if (waiting === 'nothing') return;
		const patienceMs = waiting === 'escape' ? escapeMs : waiting === 'paste' ? PASTE_MS : SEQUENCE_MS;
		const piece = pieceCount;
		timer = setTimeout(() => {
			// While the process was busy, the rest may have come and wait to be read: that happens before an immediate.
			setImmediate(() => {
				if (piece === pieceCount && !isClosed) tell(tokenizer.flush());
			});
		}, patienceMs);
		timer.unref();
	};
	const read = (piece: Uint8Array | string): void => {
		pieceCount++;
		const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
		const nowMs = performance.now();
		if (nowMs < quietUntilMs) quietUntilMs = Math.min(nowMs + quietMs, longestQuietMs);
		tell(joinPaste(tokenizer.push(bytes)));
		if (!isClosed) waitFor(tokenizer.waiting);
	};
	stdin.on('data', read);
	stdin.ref?.();
	return {
		subscribe(listener) {
			listeners.add(listener);
			for (const token of early.splice(0)) listener(token);
			return () => {
				listeners.delete(listener);
			};
		},
		close() {
			if (isClosed) return;
			isClosed = true;
			clearTimeout(timer);
			stdin.off('data', read);
			stdin.pause();
			stdin.unref?.();
		},
	};
}

/** What comes at once and is too much to be typed becomes one paste. */
function joinPaste(tokens: readonly Token[]): readonly Token[] {
	if (tokens.some(({type}) => type === 'paste')) return tokens;
	const typed = tokens.filter(token => token.type === 'key' && isTyped(token.name));
	if (typed.length <= TYPED_AT_ONCE) return tokens;
	const text = tokens.map(token => (token.type === 'key' ? (typedText(token.name) ?? '\n') : '')).join('');
	return [{type: 'paste', text, isWhole: text.length < CUT_LENGTH}];
}

const isTyped = (name: string): boolean => typedText(name) !== undefined || name === 'enter' || name === 'tab';
