// Which analyses can be made of a table, whatever is made of it now.
import {chooseMatch, countFound, detectAnalysis, type MatchOptions} from '../../../analysis/detect.ts';
import type {FirstCells} from '../../../analysis/first-cells.ts';
import {onDemandAnalyses} from '../../../analysis/on-demand.ts';
import {declarationOf, knownNames} from '../../../analysis/registry.ts';
import {readsColumns} from '../../../analysis/state-layout.ts';
import type {RecordPosition} from '../../../input/record-reader.ts';
import type {TableStructure} from '../../../model/report.ts';
import {doubtAmounts, missingColumn} from './header-errors.ts';
import {decodeNames} from './match-header.ts';

interface Table {
	/** One character per byte. */
	readonly header: readonly string[];
	readonly position: RecordPosition;
	readonly delimiter: string;
	readonly cells: FirstCells;
}

const onDemand = new Set(onDemandAnalyses.map(({name}) => name));

/** The one that a run would choose comes first, and last what is only made when somebody asks for it. */
export function fittingAnalyses(
	{header, ...table}: Table,
	{map, aliases}: Pick<MatchOptions, 'map' | 'aliases'>,
): Pick<TableStructure, 'analyses' | 'lacks'> {
	const {names} = decodeNames(header);
	const declarations = knownNames()
		.map(declarationOf)
		.filter(({reads}) => reads !== 'lines');
	const options = {map, aliases, cells: table.cells.fits};
	const matches = declarations.map(declaration => detectAnalysis(names, [declaration], options).match);
	const known = {...table, names};
	const fits = matches.filter(
		match => match.missing.length === 0 && match.ambiguous.length === 0 && doubtAmounts(match, known) === null,
	);
	const analyses = fits
		.toSorted((one, other) => countFound(other) - countFound(one))
		.map(({declaration}) => declaration.name)
		.toSorted((one, other) => Number(onDemand.has(one)) - Number(onDemand.has(other)));
	const ofRecords = matches.filter(({declaration}) => !readsColumns(declaration));
	if (ofRecords.some(match => fits.includes(match))) return {analyses};
	const nearest = chooseMatch(ofRecords);
	const {lacks} =
		(nearest.missing.length === 0 ? doubtAmounts(nearest, known) : missingColumn(ofRecords, {...known, map})) ?? {};
	return {analyses, ...(lacks != null && {lacks})};
}
