// Has Ink render each line of the screen once. For every frame it takes all lines apart into characters and joins them again, the many that are as they were
// too: three fifths of what a frame cost, the garbage of it counted. A line that looked the same before, here or on another dashboard of the process, is
// remembered. What is more than lines below each other goes to Ink as it is.
//
// The bundle puts this between the parts of Ink, see `rolldown.config.ts`.

import {Recent, remembering} from '../../text/recent.ts';
import {isOneColumnEach} from '../../text/width.ts';

/** What is used of a node of Ink's tree. */
export interface InkNode {
	readonly nodeName: 'ink-root' | 'ink-box' | 'ink-text' | 'ink-virtual-text' | '#text';
	readonly nodeValue?: string;
	readonly childNodes?: readonly InkNode[];
	readonly style?: Readonly<Record<string, unknown>>;
	readonly yogaNode?: Placed | undefined;
	readonly isHidden?: boolean;
	readonly staticNode?: unknown;
	readonly internal_static?: boolean;
	readonly internal_transform?: (text: string, index: number) => string;
}

/** Where a node stands in the one around it. */
interface Placed {
	getDisplay(): number;
	getComputedLeft(): number;
	getComputedTop(): number;
	getComputedWidth(): number;
	getComputedHeight(): number;
}

export interface InkFrame {
	readonly output: string;
	readonly outputHeight: number;
	readonly staticOutput: string;
}

export type InkRender = (root: InkNode, isForScreenReader: boolean) => InkFrame;

/** The lines of some hundred screens. */
const HALF = 2048;
const DISPLAYED = 0;
const SGR = /\u{1b}\[[\d;]*m/gu;
/** What a box may have beside its lines. */
const DECORATED = ['borderStyle', 'backgroundColor', 'contentOffsetX', 'contentOffsetY'] as const;

/** Ink takes sequences out of the texts of a line each time that it measures it. */
export const sanitizeOnce = (sanitize: (text: string) => string): ((text: string) => string) =>
	remembering(sanitize, HALF);

export function renderLinesOnce(render: InkRender): InkRender {
	const known = new Recent<string>(HALF);
	return (root, isForScreenReader) => {
		const {yogaNode: place} = root;
		if (place === undefined || isForScreenReader || root.staticNode !== undefined)
			return render(root, isForScreenReader);
		const [width, height] = [place.getComputedWidth(), place.getComputedHeight()];
		const lines = new Array<string>(height).fill('');
		const written = new Set<number>();
		/** @returns Whether it was nothing but lines. */
		const write = (node: InkNode, offsetX: number, offsetY: number): boolean => {
			const {yogaNode: own} = node;
			if (own === undefined || own.getDisplay() !== DISPLAYED) return true;
			const [left, top] = [own.getComputedLeft(), own.getComputedTop()];
			const [x, y] = [offsetX + left, offsetY + top];
			if (node.nodeName !== 'ink-text')
				return isPlainBox(node) && (node.childNodes ?? []).every(child => write(child, x, y));
			const text = textOf(node);
			if (text === '') return true;
			const isBlock = hasKnownSize(node);
			if (!isBlock && !isOneLine(text, node)) return false;
			const place = `${width} ${x} ${own.getComputedWidth()} ${node.style?.textWrap}`;
			for (const [index, line] of (isBlock ? text.split('\n') : [text]).entries()) {
				const row = y + index;
				if (line === '') continue;
				if (written.has(row)) return false;
				written.add(row);
				if (row < 0 || row >= height) continue;
				const shown = node.internal_transform?.(line, 0) ?? line;
				// A screen of this line alone.
				const alone = (): InkNode => ({
					...{...root, yogaNode: placeAt(x - left, -top, width)},
					childNodes: [isBlock ? {...node, childNodes: [{nodeName: '#text', nodeValue: line}]} : node],
				});
				const make = (): string =>
					isBlock && x === 0 && isPainted(line, width) ? line.trimEnd() : render(alone(), false).output;
				lines[row] = known.get(`${place} ${shown === line ? '' : shown}\n${line}`, make);
			}
			return true;
		};
		if (!write(root, 0, 0)) return render(root, isForScreenReader);
		return {output: lines.join('\n'), outputHeight: height, staticOutput: ''};
	};
}

const isOneLine = (text: string, {style}: InkNode): boolean =>
	!text.includes('\n') && String(style?.textWrap).startsWith('truncate');

/** Lines none of which is wider than it: `components/lines-text.tsx`. */
const hasKnownSize = ({style, internal_transform: transform}: InkNode): boolean =>
	style?.width !== undefined && style.height !== undefined && transform === undefined;

/** Nothing but styled signs of one column each: Ink would take it apart, and put it together as it was. */
function isPainted(line: string, columns: number): boolean {
	const text = line.replaceAll(SGR, '');
	return text.length <= columns && isOneColumnEach(text);
}

const isPlainBox = ({style, internal_static: isStatic}: InkNode): boolean =>
	isStatic !== true &&
	style?.overflowX !== 'hidden' &&
	style?.overflowY !== 'hidden' &&
	DECORATED.every(name => style?.[name] === undefined);

const placeAt = (left: number, top: number, width: number): Placed => ({
	getDisplay: () => DISPLAYED,
	getComputedLeft: () => left,
	getComputedTop: () => top,
	getComputedWidth: () => width,
	getComputedHeight: () => 1,
});

/** The text of a node with those within it, which have styles of their own. */
function textOf({childNodes = []}: InkNode): string {
	let text = '';
	for (const child of childNodes) {
		if (child.nodeName === '#text') text += child.nodeValue ?? '';
		else if (child.isHidden !== true) {
			const within = textOf(child);
			text += within === '' ? '' : (child.internal_transform?.(within, 0) ?? within);
		}
	}
	return text;
}
