import {Text} from 'ink';
import {createElement, type ReactNode} from 'react';
import type {Line, TextStyle} from '../line.ts';

/** Spans as children; without keys, because a line never keeps a span between two frames. */
export const lineNodes = (line: Line): ReactNode[] =>
	line.map(({text, style}) => (style === undefined ? text : createElement(Text, {...style}, text)));

interface LineTextProps {
	readonly line: Line;
	readonly style?: TextStyle;
}

/** One line of the screen. It is cut to the terminal's width whatever is in it. */
export function LineText({line, style = {}}: LineTextProps): ReactNode {
	// Ink gives a text without characters no row.
	const nodes = line.some(({text}) => text !== '') ? lineNodes(line) : [' '];
	return createElement(Text, {wrap: 'truncate-end', ...style}, ...nodes);
}
