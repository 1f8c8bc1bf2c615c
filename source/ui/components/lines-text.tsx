import {createElement, type ReactNode} from 'react';

interface LinesTextProps {
	/** Painted, and none wider than the screen. */
	readonly lines: readonly string[];
	readonly columns: number;
}

/**
Lines of the screen as one piece of text of a known size, which Ink need not measure: with an element for each line, to compare, measure and lay them out
took a third of a frame. Ink's `<Text>` takes no size, its host element does; `terminal/render-lines-once.ts` renders it line by line.
*/
export function LinesText({lines, columns}: LinesTextProps): ReactNode {
	const style = {textWrap: 'truncate-end', width: columns, height: lines.length, flexShrink: 0};
	return createElement('ink-text', {style}, lines.join('\n'));
}
