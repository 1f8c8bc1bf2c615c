import {Text} from 'ink';
import {memo, type ReactNode} from 'react';
import type {Line, TextStyle} from '../look/line.ts';
import {paintLine, paintText} from '../look/paint-span.ts';

interface LineTextProps {
	readonly line: Line;
	readonly style?: TextStyle;
}

/** One line of the screen, always cut to the terminal's width. */
export function LineText({line, style}: LineTextProps): ReactNode {
	const text = paintText(paintLine(line), style);
	// Ink gives a text without characters no row.
	return <PaintedText text={text === '' ? ' ' : text} />;
}

/** An unchanged line costs nothing. */
const PaintedText = memo(function PaintedText({text}: {readonly text: string}): ReactNode {
	return <Text wrap="truncate-end">{text}</Text>;
});
