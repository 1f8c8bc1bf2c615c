// What is remembered of a screen must be what Ink makes of the whole of it.
import {PassThrough} from 'node:stream';
import chalk from 'chalk';
import fc from 'fast-check';
import {Box, type DOMElement, render, Text} from 'ink';
import {createRef, type ReactNode} from 'react';
import stringWidth from 'string-width';
import {expect, onTestFinished, test, vi} from 'vitest';
import {LinesText} from '../../source/ui/components/lines-text.tsx';
import {
	type InkFrame,
	type InkNode,
	type InkRender,
	renderLinesOnce,
} from '../../source/ui/terminal/render-lines-once.ts';

// Ink exports no renderer: the bundle takes it from the same place.
const {default: renderAll} = (await import(
	new URL('../../node_modules/ink/build/renderer.js', import.meta.url).href
)) as {readonly default: InkRender};

chalk.level = 3;

const COLUMNS = 16;

/** Shows screens one after the other, and gives the root of Ink's tree. */
function openScreen(): (screen: ReactNode) => InkNode {
	const box = createRef<DOMElement>();
	const around = (screen: ReactNode): ReactNode => (
		<Box ref={box} width={COLUMNS} flexDirection="column">
			{screen}
		</Box>
	);
	const stdout = Object.assign(new PassThrough().resume(), {columns: COLUMNS, rows: 8});
	const instance = render(around(null), {
		stdout: stdout as unknown as NodeJS.WriteStream,
		interactive: true,
		patchConsole: false,
	});
	onTestFinished(() => instance.unmount());
	return screen => {
		instance.rerender(around(screen));
		return box.current?.parentNode as unknown as InkNode;
	};
}

const looks = [(text: string) => text, chalk.red, chalk.bold, chalk.inverse, chalk.hex('#56B4E9').underline];
const piece = fc.record({
	text: fc.constantFrom(
		'a',
		'word ',
		'███░░',
		' ',
		'  ',
		'漢字',
		'é',
		'e\u0301',
		'👩‍👩‍👧',
		'1️⃣',
		'…',
		'\t',
		'\u{200b}',
		'\u{1b}[2J',
	),
	look: fc.constantFrom(...looks),
});
const text = fc.array(piece, {maxLength: 5}).map(pieces => pieces.map(part => part.look(part.text)).join(''));

interface Shown {
	readonly text: string;
	readonly wrap: 'truncate-end' | 'truncate-middle' | 'wrap';
}
const lineOf = ({text: shown, wrap}: Shown): ReactNode => <Text wrap={wrap}>{shown}</Text>;
/** Ink cuts a text as a whole. */
const fitting = (lines: readonly string[]): string[] => lines.map(line => (stringWidth(line) > COLUMNS ? '' : line));
const inRoom = (shown: Shown, width: number): ReactNode => <Box width={width}>{lineOf(shown)}</Box>;
const above = (shown: Shown): ReactNode => (
	<Box height={1} overflowY="hidden">
		<Box marginTop={-1}>{lineOf(shown)}</Box>
	</Box>
);
const others: readonly ((shown: Shown) => ReactNode)[] = [
	({text: shown}) => (
		<Text wrap="truncate-end">
			{shown}
			<Text color="green">{shown}</Text>
		</Text>
	),
	({text: shown}) => (
		<Text bold wrap="truncate-end">
			{shown}
		</Text>
	),
	({text: shown}) => <Text>{`${shown}\n${shown}`}</Text>,
	({text: shown}) => <LinesText lines={fitting([shown, '', `${shown}a`])} columns={COLUMNS} />,
	({text: shown}) => (
		<Box height={2} overflowY="hidden">
			<LinesText lines={fitting([shown, 'b', shown])} columns={COLUMNS} />
		</Box>
	),
	shown => inRoom(shown, 4),
	shown => inRoom(shown, 9),
	above,
	shown => <Box marginLeft={3}>{lineOf(shown)}</Box>,
	shown => <Box display="none">{lineOf(shown)}</Box>,
	shown => <Box borderStyle="single">{lineOf(shown)}</Box>,
	shown => <Box backgroundColor="blue">{lineOf(shown)}</Box>,
	shown => (
		<Box>
			{lineOf(shown)}
			{lineOf({...shown, text: 'beside'})}
		</Box>
	),
	shown => (
		<Box width={4} overflowX="hidden">
			<Box width={12} flexShrink={0}>
				{lineOf(shown)}
			</Box>
		</Box>
	),
];
const element = fc
	.record({
		text,
		wrap: fc.constantFrom('truncate-end' as const, 'truncate-middle' as const, 'wrap' as const),
		show: fc.oneof({weight: 2, arbitrary: fc.constant(lineOf)}, {weight: 3, arbitrary: fc.constantFrom(...others)}),
	})
	.map(({show, ...shown}) => show(shown));
const column = (elements: readonly ReactNode[]): ReactNode => (
	<Box flexDirection="column">
		{elements.map((each, index) => (
			// biome-ignore lint/suspicious/noArrayIndexKey: the n-th line keeps its place.
			<Box key={index}>{each}</Box>
		))}
	</Box>
);
const screen = fc.array(element, {maxLength: 6}).map(column);

/** What a terminal shows of it: characters with their styles. Which sequences lead there is nobody's business. */
function looksOf({output, ...frame}: InkFrame) {
	const ends = [
		['22', /^[12]$/],
		['24', /^4$/],
		['27', /^7$/],
		['39', /^3[0-8]/],
	] as const;
	let styles: string[] = [];
	const characters = output.split(/(\u{1b}\[[\d;]*m)/u).flatMap(part => {
		const code = /^\u{1b}\[([\d;]*)m$/u.exec(part)?.[1];
		if (code === undefined) return Array.from(part, character => [character, ...styles.toSorted()].join(' '));
		const [, ended] = ends.find(([end]) => end === code) ?? [];
		styles = ended === undefined ? [...new Set([...styles, code])] : styles.filter(each => !ended.test(each));
		return [];
	});
	return {...frame, characters, stylesLeft: styles};
}

test('any screen after any other is what Ink makes of it', () => {
	fc.assert(
		fc.property(fc.array(screen, {minLength: 1, maxLength: 4}), screens => {
			const show = openScreen();
			const renderOnce = renderLinesOnce(renderAll);
			for (const each of [...screens, ...screens]) {
				const root = show(each);
				expect(looksOf(renderOnce(root, false))).toEqual(looksOf(renderAll(root, false)));
			}
		}),
	);
});

test.each([
	['in less room', (shown: Shown) => [inRoom(shown, 9), inRoom(shown, 4)]],
	['beyond the upper end', (shown: Shown) => [lineOf(shown), column([<Box key="first" height={1} />, above(shown)])]],
])('the same line %s is another one', (_, screensOf) => {
	const show = openScreen();
	const renderOnce = renderLinesOnce(renderAll);
	for (const each of screensOf({text: 'one line', wrap: 'truncate-end'})) {
		const root = show(each);
		expect(renderOnce(root, false)).toEqual(renderAll(root, false));
	}
});

test('a line that was on a screen before is not rendered again, wherever it stands now', () => {
	const show = openScreen();
	const rendered = vi.fn(renderAll);
	const renderOnce = renderLinesOnce(rendered);
	const lines = (...texts: string[]): ReactNode =>
		column(texts.map(each => lineOf({text: each, wrap: 'truncate-end'})));
	renderOnce(show(lines('one', 'two', 'three')), false);
	expect(rendered).toHaveBeenCalledTimes(3);
	expect(renderOnce(show(lines('three', 'four', 'one')), false).output).toBe('three\nfour\none');
	expect(rendered).toHaveBeenCalledTimes(4);
	// Lines that are painted are taken as they are, but for those whose width terminals disagree on.
	const five = chalk.bold('five  ');
	const block = <LinesText lines={['four', '', five, 'four  ', '漢字']} columns={COLUMNS} />;
	expect(renderOnce(show(block), false).output).toBe(`four\n\n${five}\nfour\n漢字`);
	expect(rendered).toHaveBeenCalledTimes(5);
});
