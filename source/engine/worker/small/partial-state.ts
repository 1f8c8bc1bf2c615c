// Partials of transactions as states, and figures of the kernel as partials, as long as the engine has partials of its own kind.
import {transactions as declaration} from '../../../analysis/builtin/transactions.ts';

import type {GroupTable} from '../../../analysis/groups/group-table.ts';
import {createGroups} from '../../../analysis/groups/group-table.ts';
import {analyses} from '../../../analysis/registry.ts';
import type {AnalysisName} from '../../../analysis/results.ts';
import type {AnalysisState} from '../../../analysis/state.ts';
import {layOutStates} from '../../../analysis/state-layout.ts';
import type {KernelFigures} from '../../../kernel/program.ts';
import type {FoldedPartial} from '../../shared/protocol.ts';
import {columnFiguresOf} from '../read/column-figures.ts';

export const partialOfFigures = (analysis: AnalysisName, figures: readonly KernelFigures[]): FoldedPartial => ({
	analysis,
	partial: analyses[analysis].fromColumns(columnFiguresOf(figures)),
});

export function stateOfPartial({partial}: FoldedPartial): AnalysisState {
	const layout = layOutStates(declaration);
	const {count, total, groups, earliest, latest, customers} = partial;
	const [tableLayout] = layout.tables.values();
	if (tableLayout === undefined) throw new Error('Expected a table');
	const table: GroupTable = {
		...createGroups(tableLayout),
		entries: groups.entries,
		keys: groups.names,
		count: groups.count,
		keyBytes: groups.nameBytes,
		scales: [groups.scale],
		additions: new Map(groups.additions),
		isGivenUp: groups.areGivenUp,
	};
	return {
		layout,
		records: count,
		sums: [{...total, count}],
		ranges: [earliest === null || latest === null ? null : {earliest, latest}],
		sets: [customers],
		tables: [table],
	};
}
