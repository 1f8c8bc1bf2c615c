// Parsed terminal input: keys, the mouse, the focus of its window, pasted text. Answers of the terminal to queries are
// dropped.

export interface MouseToken {
	readonly type: 'mouse';
	readonly kind: 'press' | 'release' | 'move' | 'wheel-up' | 'wheel-down';
	readonly button: 'left' | 'middle' | 'right' | 'none';
	/** 0-based, from the top left. */
	readonly column: number;
	readonly row: number;
}

export type Token =
	| {readonly type: 'key'; readonly name: string}
	| MouseToken
	| {readonly type: 'focus'; readonly isFocused: boolean}
	| PasteToken;

/** Pasted text, raw: none of it counts as typed. */
export interface PasteToken {
	readonly type: 'paste';
	readonly text: string;
	/** Whether the paste is surely complete. One that the terminal marks may contain its own end mark. */
	readonly isWhole: boolean;
}

export const keyToken = (name: string): Token => ({type: 'key', name});
