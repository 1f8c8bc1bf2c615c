// The whole screen, from top to bottom, but for a first line that has a clock of its own.
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {paintLines} from '../look/paint-span.ts';
import type {HeaderLines} from './header-lines.ts';

interface Screen {
	readonly header: HeaderLines;
	/** The sign that something turns; `null` where nothing does, `'own'` where the first line turns by itself. */
	readonly turning: string | null | 'own';
	readonly hasRules: boolean;
	/** Painted. */
	readonly body: readonly string[];
	readonly bodyRows: number;
	readonly problem: readonly Line[];
	/** `null`: they are not shown. */
	readonly figures: Line | null;
	readonly footer: Line;
}

/** @returns Painted lines, none wider than the screen. */
export function screenLines(screen: Screen, columns: number, look: Look): string[] {
	const {header, turning, hasRules, body, bodyRows, problem, figures, footer} = screen;
	const paint = (...lines: readonly Line[]): string[] => paintLines(lines, columns, look);
	const rule = [span(look.glyphs.rule.repeat(columns), look.theme.muted)];
	const rules = hasRules ? [rule] : [];
	return [
		...(turning === 'own' ? [] : paint(titleLine(header, turning, look))),
		...paint(header.progress, header.counts, ...rules),
		...Array.from({length: bodyRows}, (_, row) => body[row] ?? ''),
		...paint(...problem, ...(figures === null ? [] : [rule, figures]), ...rules, footer),
	];
}

const titleLine = ({beforeSpinner, afterSpinner}: HeaderLines, turning: string | null, {theme}: Look): Line => [
	...beforeSpinner,
	...(turning === null ? [] : [span(` ${turning}`, theme.active)]),
	...afterSpinner,
];
