// What a terminal sends, taken apart: keys, the mouse, the focus of its window, pasted text. Its answers to questions
// are none of these, and nobody is told of them.

export interface MouseToken {
	readonly type: 'mouse';
	readonly kind: 'press' | 'release' | 'move' | 'wheel-up' | 'wheel-down';
	readonly button: 'left' | 'middle' | 'right' | 'none';
	/** From 0, at the left and at the top. */
	readonly column: number;
	readonly row: number;
}

export type Token =
	| {readonly type: 'key'; readonly name: string}
	| MouseToken
	| {readonly type: 'focus'; readonly isFocused: boolean}
	| PasteToken;

/** Text as it was pasted, raw: nothing of it was typed. */
export interface PasteToken {
	readonly type: 'paste';
	readonly text: string;
	/** Whether nothing of it can follow. A paste that the terminal marks may hold the mark of its own end. */
	readonly isWhole: boolean;
}

export const keyToken = (name: string): Token => ({type: 'key', name});
