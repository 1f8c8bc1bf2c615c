// The figures of the transactions program as those of columns, which partials are made of.
import type {ColumnFigures, ColumnFiguresInPieces} from '../../../analysis/analysis.ts';
import {transactions} from '../../../analysis/builtin/transactions.ts';
import type {GroupColumns} from '../../../analysis/groups.ts';
import {compileProgram, type Program} from '../../../analysis/program.ts';
import {SUM_WORDS, writeWords} from '../../../analysis/wide-sums.ts';
import type {
	KernelFigures,
	KernelFiguresBut,
	KernelFiguresInPieces,
	KernelSetFigures,
	KernelTableFigures,
} from '../../../kernel/program.ts';

/** @param indexes - Where the columns of the declaration stand, in its order. */
export function transactionsProgram(indexes: readonly number[]): Program {
	const names = Object.keys(transactions.columns);
	const places = Object.fromEntries(names.map((name, place) => [name, indexes[place] ?? -1]));
	return compileProgram([{declaration: transactions, indexes: places}]);
}

export function columnFiguresOf([figures]: readonly KernelFigures[]): ColumnFigures {
	const [table] = figures?.tables ?? [];
	if (figures === undefined || table === undefined) throw new Error('Expected figures of one analysis with a table');
	return {
		...othersOf(figures),
		groups: table.isGivenUp ? groupOfAll(figures) : groupsOf(table),
		groupsAreGivenUp: table.isGivenUp,
	};
}

export function columnFiguresInPieces([figures]: readonly KernelFiguresInPieces[]): ColumnFiguresInPieces {
	const [table] = figures?.tables ?? [];
	if (figures === undefined || table === undefined) throw new Error('Expected figures of one analysis with a table');
	const pieces = table[Symbol.iterator]();
	const first = pieces.next();
	if (first.done === true || !first.value.isGivenUp) {
		return {...othersOf(figures), groups: groupsOfPieces(first, pieces), groupsAreGivenUp: false};
	}
	return {...othersOf(figures), groups: [groupOfAll(figures)], groupsAreGivenUp: true};
}

function* groupsOfPieces(
	first: IteratorResult<KernelTableFigures>,
	pieces: Iterator<KernelTableFigures>,
): Generator<GroupColumns, void> {
	for (let piece = first; piece.done !== true; piece = pieces.next()) yield groupsOf(piece.value);
}

const othersOf = ({ranges: [range = null], sets: [set]}: KernelFiguresBut<unknown>) => ({
	earliest: range?.earliest ?? null,
	latest: range?.latest ?? null,
	distinct: distinctOf(set),
});

function distinctOf(set: KernelSetFigures | undefined): ColumnFigures['distinct'] {
	if (set === undefined) throw new Error('Expected a set');
	if (set.registers !== null) return {keys: null, longValues: null, registers: set.registers};
	return {...set, toldBefore: 0};
}

const groupsOf = ({entries, keys, scales: [scale = 0], additions}: KernelTableFigures): GroupColumns => ({
	entries,
	names: keys,
	scale,
	additions: new Map(additions.map(({group, value}) => [group, value])),
});

/** All records as one group of an empty name. */
function groupOfAll({records, sums: [sum]}: KernelFiguresBut<unknown>): GroupColumns {
	const {units, scale} = sum ?? {units: 0n, scale: 0};
	const entries = new Uint32Array(3 + SUM_WORDS);
	entries[1] = records % 2 ** 32;
	entries[2] = records / 2 ** 32;
	const isWritten = writeWords(entries, 3, units);
	return {entries, names: new Uint8Array(0), scale, additions: new Map(isWritten ? [] : [[0, {units, scale}]])};
}
