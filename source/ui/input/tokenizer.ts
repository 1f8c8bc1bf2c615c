// Bytes of a terminal -> tokens, wherever the bytes were split: a sequence, or a character of UTF-8, may arrive in any number
// of pieces. A small state machine reads one character at a time and keeps only bounded data:
//
//   ground ──ESC──> escape ──[──> csi ──final──> ground        a key, the mouse, the focus; or an answer, dropped
//      ▲               ├─────O──> ss3 ──letter──> ground
//      │               ├─] P _──> string ──BEL, ST──> ground   an answer, dropped
//      │               └───────────────────────────────────── Alt with a character
//      └──CSI 201~── paste <──CSI 200~                         nothing in it is a key
//
// A control character inside of a sequence ends it and counts: Ctrl+C is obeyed whatever came before it. Time is not known
// here: `flush` reports that nothing came for a while, and only then is a lone ESC the Escape key.
import {readConsoleKey, readControlSequence, readSingleShift} from './sequences.ts';
import {keyToken, type Token} from './tokens.ts';

/** What the next byte is awaited for; each has its own timeout, after which `flush` must be called. */
export type Waiting = 'nothing' | 'escape' | 'sequence' | 'paste';

const ESCAPE = '\u{1b}';
/** A sequence has some 20 characters; a longer one is dropped. */
const BODY_LIMIT = 64;
/** In UTF-16 units: a filter is one line, and more than this is a file pasted by mistake. */
const PASTE_LIMIT = 64 * 1024;
const PASTE_END = '\u{1b}[201~';

type State = 'ground' | 'escape' | 'csi' | 'console-key' | 'ss3' | 'string' | 'string-escape' | 'skip' | 'paste';

export class Tokenizer {
	readonly #decoder = new TextDecoder('utf-8', {ignoreBOM: true});
	#state: State = 'ground';
	/** The part of a control sequence after `CSI`. */
	#body = '';
	/** Remaining characters of an old mouse report. */
	#skipCount = 0;
	#paste = '';
	/** How much of the end mark of a paste has been matched. */
	#pasteEndLength = 0;
	/** Nothing came for a while in the middle of a paste. */
	#isPasteStale = false;
	#tokens: Token[] = [];

	get waiting(): Waiting {
		if (this.#state === 'ground') return 'nothing';
		return this.#state === 'escape' || this.#state === 'paste' ? this.#state : 'sequence';
	}

	push(bytes: Uint8Array): Token[] {
		// A paste whose end was lost must not block the keyboard forever: after a silence, these two keys end it.
		if (this.#isPasteStale && bytes.length === 1 && (bytes[0] === 0x03 || bytes[0] === 0x1b)) this.#enter('ground');
		this.#isPasteStale = false;
		for (const character of this.#decoder.decode(bytes, {stream: true})) this.#consume(character);
		return this.#drainTokens();
	}

	/** Nothing came for a while, so the beginning of a sequence was complete. */
	flush(): Token[] {
		if (this.#state === 'escape') this.#tokens.push(keyToken('escape'));
		if (this.#state === 'paste') this.#isPasteStale = true;
		else this.#enter('ground');
		return this.#drainTokens();
	}

	#drainTokens(): Token[] {
		const tokens = this.#tokens;
		this.#tokens = [];
		return tokens;
	}

	#enter(state: State): void {
		this.#state = state;
		this.#body = '';
		this.#skipCount = 0;
		this.#paste = '';
		this.#pasteEndLength = 0;
	}

	#emit(token: Token | undefined): void {
		if (token !== undefined) this.#tokens.push(token);
	}

	#consume(character: string): void {
		if (this.#state === 'paste') {
			this.#consumePasted(character);
			return;
		}
		if (this.#state === 'skip') {
			this.#skipCount--;
			if (this.#skipCount === 0) this.#enter('ground');
			return;
		}
		if (isControl(character)) this.#consumeControl(character);
		else this.#consumePrintable(character);
	}

	#consumeControl(character: string): void {
		const {codePoint, introduced} = {codePoint: character.codePointAt(0) ?? 0, introduced: EIGHT_BIT[character]};
		const isInString = this.#state === 'string' || this.#state === 'string-escape';
		if (isInString && (character === '\u{7}' || character === '\u{9c}')) {
			this.#enter('ground');
			return;
		}
		if (character === ESCAPE) {
			if (this.#state === 'escape') this.#emit(keyToken('escape'));
			this.#enter(this.#state === 'string' ? 'string-escape' : 'escape');
			return;
		}
		if (this.#state === 'escape') this.#emit(keyToken('escape'));
		this.#enter(introduced ?? 'ground');
		if (introduced === undefined && codePoint < 0x80) this.#emit(keyToken(controlKeyName(character, codePoint)));
	}

	#consumePrintable(character: string): void {
		switch (this.#state) {
			case 'escape':
				this.#consumeEscaped(character);
				return;
			case 'csi':
				this.#consumeSequence(character);
				return;
			case 'ss3':
				this.#enter('ground');
				this.#emit(readSingleShift(character));
				return;
			case 'console-key':
				this.#enter('ground');
				this.#emit(readConsoleKey(character));
				return;
			case 'string':
				return;
			case 'string-escape':
				// `ESC \` ends a string; any other escape ends it as well, and begins something new.
				this.#enter('escape');
				if (character === '\\') this.#enter('ground');
				else this.#consumeEscaped(character);
				return;
			default:
				if (character === ' ') this.#emit(keyToken('space'));
				else if (!UNTYPED.test(character)) this.#emit(keyToken(character));
		}
	}

	#consumeEscaped(character: string): void {
		const introduced = SEVEN_BIT[character];
		this.#enter(introduced ?? 'ground');
		if (introduced !== undefined) return;
		if (character === ' ') this.#emit(keyToken('alt+space'));
		else if (!UNTYPED.test(character)) this.#emit(keyToken(`alt+${character}`));
	}

	#consumeSequence(character: string): void {
		const body = this.#body;
		if (character === '[' && body === '') {
			this.#enter('console-key');
			return;
		}
		if (character === 'M' && body === '') {
			// The report of a terminal without a better mouse protocol: three arbitrary characters follow.
			this.#enter('skip');
			this.#skipCount = 3;
			return;
		}
		const isFinal = /^[@-~]$/.test(character) || (character === '$' && /^\d$/.test(body));
		if (isFinal) {
			this.#enter(body === '200' && character === '~' ? 'paste' : 'ground');
			if (this.#state === 'ground' && body.length <= BODY_LIMIT) this.#emit(readControlSequence(body, character));
		} else if (/^[ -?]$/.test(character)) {
			// One more than the limit records that it was exceeded.
			if (body.length <= BODY_LIMIT) this.#body += character;
		} else this.#enter('ground');
	}

	#consumePasted(character: string): void {
		if (character === PASTE_END[this.#pasteEndLength]) {
			this.#pasteEndLength++;
			if (this.#pasteEndLength < PASTE_END.length) return;
			const text = this.#paste;
			this.#enter('ground');
			this.#emit({type: 'paste', text, isWhole: false});
			return;
		}
		// Not the end mark after all; it begins with its only ESC, so no other mark can have begun inside it.
		this.#keepPasted(PASTE_END.slice(0, this.#pasteEndLength));
		this.#pasteEndLength = character === ESCAPE ? 1 : 0;
		if (this.#pasteEndLength === 0) this.#keepPasted(character);
	}

	#keepPasted(text: string): void {
		if (this.#paste.length + text.length <= PASTE_LIMIT) this.#paste += text;
	}
}

const isControl = (character: string): boolean => /^\p{Cc}$/u.test(character);

/** Characters that no key types: lone surrogates, bidi controls, the replacement character and the like. */
const UNTYPED = /[\p{C}\p{Z}\u{fffd}]/u;

/**
Characters that begin a sequence behind ESC. Terminals never send SOS (`X`) and PM (`^`), but do send Alt with these keys.
*/
const SEVEN_BIT: Readonly<Record<string, State>> = {'[': 'csi', O: 'ss3', ']': 'string', P: 'string', _: 'string'};
/** The same as single characters, and the other kinds of strings. */
const EIGHT_BIT: Readonly<Record<string, State>> = {
	'\u{8f}': 'ss3',
	'\u{90}': 'string',
	'\u{98}': 'string',
	'\u{9b}': 'csi',
	'\u{9d}': 'string',
	'\u{9e}': 'string',
	'\u{9f}': 'string',
};

function controlKeyName(character: string, codePoint: number): string {
	// Programs that send keys, and some number pads, send Ctrl+J for Enter.
	if (character === '\r' || character === '\n') return 'enter';
	if (character === '\t') return 'tab';
	if (character === '\u{7f}' || character === '\b') return 'backspace';
	if (codePoint === 0) return 'ctrl+space';
	return `ctrl+${String.fromCharCode(codePoint + (codePoint <= 26 ? 96 : 64))}`;
}
