// What the kernel asks of columns that are read whatever they hold, see assembly/host.ts.
import {writtenWords} from '../analysis/forms/written-words.ts';
import type {KernelColumns} from './columns.ts';
import type {KernelExports} from './exports.ts';
import {writeText} from './text-block.ts';

interface AskingKernel {
	/** Of an analysis by its number. */
	readonly columnsOf: (analysis: number) => KernelColumns | null;
	readonly all: () => readonly (KernelColumns | null)[];
	/** One character per byte. */
	readonly text: (address: number, length: number) => string;
	readonly bytes: () => Uint8Array;
	readonly toFileOffset: (byteOffset: number) => number;
}

export function columnImports({
	columnsOf,
	all,
	text,
	bytes,
	toFileOffset,
}: AskingKernel): Readonly<Record<string, (...numbers: number[]) => unknown>> {
	const of = (analysis: number): KernelColumns => {
		const columns = columnsOf(analysis);
		if (columns !== null) return columns;
		throw new Error(`Expected columns of the analysis ${analysis}`);
	};
	return {
		takeColumn: (analysis: number, column: number) => of(analysis).takeColumn(column),
		takeOthers: (analysis: number, column: number) => of(analysis).takeOthers(column),
		takeExample: (
			analysis: number,
			column: number,
			cellClass: number,
			start: number,
			length: number,
			byteOffset: number,
			line: number,
		) => of(analysis).takeExample(column, cellClass, text(start, length), {line, byteOffset}),
		takeExtreme: (analysis: number, column: number, start: number, length: number, byteOffset: number, line: number) =>
			of(analysis).takeExtreme(column, text(start, length), {line, byteOffset}),
		fileOffsetOf: (byteOffset: number) => toFileOffset(byteOffset),
		takeNotUtf8: (analysis: number, start: number, length: number, byteOffset: number, line: number) =>
			of(analysis).faults?.takeNotUtf8(text(start, length), {line, byteOffset}),
		takeKeys: (analysis: number, kind: number) => of(analysis).faults?.takeKeys(kind) ?? 0,
		takeRagged: (
			reason: number,
			fieldCount: number,
			value: number,
			valueBytes: number,
			line: number,
			byteOffset: number,
		) => {
			const found = text(value, valueBytes);
			for (const columns of all()) columns?.faults?.takeRagged(reason, fieldCount, found, {line, byteOffset});
		},
		cellFormOf: (analysis: number, column: number) => columnsOf(analysis)?.formOf(column) ?? 0,
		rewriteCell: (analysis: number, column: number, start: number, length: number, target: number, isNoted: number) => {
			const cell = text(start, length);
			const plain = of(analysis).rewriteCell(column, cell, isNoted !== 0);
			if (plain === cell) return -1;
			writeText(bytes(), target, plain);
			return plain.length;
		},
	};
}

export function learnWords(kernel: KernelExports): void {
	const words = writtenWords();
	const block = kernel.allocate(words.length);
	writeText(new Uint8Array(kernel.memory.buffer), block, words);
	kernel.learnWords(block, words.length);
	kernel.release(block, words.length);
}
