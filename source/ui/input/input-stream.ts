// The keyboard of the dashboard. Ink does not read it: Ink ignores mouse reports, takes a terminal's answers for typed text
// and Ctrl+Z for a letter, and splits an arrow key that a slow link cuts in two into Escape and `[A`. So the bytes go through
// our tokenizer, and Ink is given an input that stays silent.

import {typedText} from './key-names.ts';
import {Tokenizer, type Waiting} from './tokenizer.ts';
import type {Token} from './tokens.ts';

export interface Input {
	readonly subscribe: (listener: (token: Token) => void) => () => void;
	/** Stops reading, and releases the stream so that the process can exit. */
	readonly close: () => void;
}

export interface InputOptions {
	readonly stdin: NodeJS.ReadStream;
	/** How long a lone ESC may be the beginning of a sequence; then it is the Escape key. */
	readonly escapeMs: number;
}

/** Locally a sequence arrives in one piece; over a network its pieces may be a few TCP round trips apart. */
export const LOCAL_ESCAPE_MS = 25;
export const REMOTE_ESCAPE_MS = 100;

/** People do not type beginnings of sequences, so a slow one may take its time. */
const SEQUENCE_MS = 1000;
const PASTE_MS = 2000;

/**
Longer text that arrives at once is a paste, even if the terminal does not mark it: nobody types that fast, and none of it is
obeyed as keys.
*/
const MAX_TYPED_AT_ONCE = 16;

const BUFFER_LIMIT = 100;

/** A key that is held down arrives as fast as the rest of a paste; after this time it counts as a key. */
const MAX_QUIET_MS = 1000;

/** A paste of this size may have been split on its way, so the next piece may be its rest. */
const SPLIT_LENGTH = 256;

export function openInput({stdin, escapeMs}: InputOptions): Input {
	const tokenizer = new Tokenizer();
	const listeners = new Set<(token: Token) => void>();
	/** Tokens that came before the first listener: the terminal is ready before the screen. */
	const bufferedTokens: Token[] = [];
	let timer: NodeJS.Timeout | undefined;
	let pieceCount = 0;
	let isClosed = false;
	/**
	A paste may contain the end mark of a paste, so that its rest looks typed. The rest follows at once, as no typing does.
	*/
	const quietMs = escapeMs * 2;
	let quietUntilMs = Number.NEGATIVE_INFINITY;
	let quietLimitMs = Number.NEGATIVE_INFINITY;

	const emit = (tokens: readonly Token[]): void => {
		for (const token of tokens) {
			if (isClosed) return;
			const isLeftover = performance.now() < quietUntilMs && token.type !== 'focus' && token.type !== 'paste';
			if (token.type === 'paste' && !token.isWhole) {
				quietUntilMs = performance.now() + quietMs;
				quietLimitMs = performance.now() + MAX_QUIET_MS;
			}
			if (isLeftover) continue;
			if (listeners.size === 0 && bufferedTokens.length < BUFFER_LIMIT) bufferedTokens.push(token);
			for (const listener of listeners) listener(token);
		}
	};
	const waitFor = (waiting: Waiting): void => {
		clearTimeout(timer);
		timer = undefined;
		if (waiting === 'nothing') return;
		const timeoutMs = waiting === 'escape' ? escapeMs : waiting === 'paste' ? PASTE_MS : SEQUENCE_MS;
		const piece = pieceCount;
		timer = setTimeout(() => {
			// While the process was busy, the rest may have arrived unread: it is read before an immediate runs.
			setImmediate(() => {
				if (piece === pieceCount && !isClosed) emit(tokenizer.flush());
			});
		}, timeoutMs);
		timer.unref();
	};
	const read = (piece: Uint8Array | string): void => {
		pieceCount++;
		const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
		const nowMs = performance.now();
		if (nowMs < quietUntilMs) quietUntilMs = Math.min(nowMs + quietMs, quietLimitMs);
		emit(joinPaste(tokenizer.push(bytes)));
		if (!isClosed) waitFor(tokenizer.waiting);
	};
	stdin.on('data', read);
	stdin.ref?.();
	return {
		subscribe(listener) {
			listeners.add(listener);
			for (const token of bufferedTokens.splice(0)) listener(token);
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

/** Text that arrives at once and is too long to be typed becomes one paste. */
function joinPaste(tokens: readonly Token[]): readonly Token[] {
	if (tokens.some(({type}) => type === 'paste')) return tokens;
	const typed = tokens.filter(token => token.type === 'key' && isTyped(token.name));
	if (typed.length <= MAX_TYPED_AT_ONCE) return tokens;
	const text = tokens.map(token => (token.type === 'key' ? (typedText(token.name) ?? '\n') : '')).join('');
	return [{type: 'paste', text, isWhole: text.length < SPLIT_LENGTH}];
}

const isTyped = (name: string): boolean => typedText(name) !== undefined || name === 'enter' || name === 'tab';
