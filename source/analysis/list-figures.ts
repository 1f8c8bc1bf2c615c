// The result of figures of which no groups are kept but those that are listed: it takes little memory, however many groups there are.
import type {ResultObject} from '../model/analysis-info.ts';
import type {AnalysisFiguresInPieces, TableFigures} from './figures.ts';
import {finishState} from './finish.ts';
import {GroupListing} from './groups/group-listing.ts';
import {createGroups, groupsOf} from './groups/group-table.ts';
import {type AnalysisState, stateOfFigures} from './state.ts';
import {type StateLayout, tableMeasure} from './state-layout.ts';
import type {TextEncoding} from './text-encoding.ts';

export interface ListedFigures {
	readonly result: ResultObject;
	/** All but the groups: they are given up in it. */
	readonly state: AnalysisState;
}

export function listFigures(
	layout: StateLayout,
	{tables, ...others}: AnalysisFiguresInPieces,
	encoding: TextEncoding,
): ListedFigures {
	const listed = Array.from(layout.tables, ([name, table]) => {
		const measure = tableMeasure(layout.declaration, name);
		const listing = new GroupListing(createGroups(table), measure, encoding);
		for (const piece of tables[table.place] ?? []) listing.add(groupsOf(piece, table));
		return listing;
	});
	const givenUp = listed.map(({registers}) => (registers === null ? noGroups : {...noGroups, registers}));
	const state = stateOfFigures(layout, {...others, tables: givenUp}, encoding);
	return {result: finishState(state, listed), state};
}

const noGroups: TableFigures = {
	isGivenUp: true,
	entries: new Uint32Array(0),
	keys: new Uint8Array(0),
	scales: [],
	additions: [],
};
