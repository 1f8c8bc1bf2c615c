// The columns and records of a state → figures and findings about faults, as the JSON report has them.
import type {ResultObject, ResultValue} from '../../model/analysis-info.ts';
import {type Columns, inOrder} from '../columns/columns.ts';
import type {QualityPart} from '../declaration.ts';
import {type ColumnQuality, finishColumnQuality} from './column-quality.ts';
import {compareFindings, countOf, type Finding, finishFinding, inWords} from './finding.ts';
import {countDuplicates, type Duplicates, firstDuplicates} from './key-counts.ts';
import {SCORE_FORMULA, scoreOf} from './score.ts';
import type {TableFaults} from './table-faults.ts';

/** `undefined` for what the result does not have. */
export type FinishedQuality = {
	readonly [Part in QualityPart]: Part extends 'columns' | 'findings'
		? readonly ResultObject[]
		: ResultValue | undefined;
};

/** A report lists no more findings; an export has all. */
export const MAX_LISTED = 100;

/**
@param columns - In UTF-8.
@param records - That are as the header says.
@param limit - How many findings are listed.
*/
export function finishQuality(columns: Columns, records: number, limit = MAX_LISTED): FinishedQuality {
	const {faults} = columns;
	if (faults === null) throw new Error('Expected columns with faults');
	const all = inOrder(columns).map(finishColumnQuality);
	const rows = records + faults.ragged.count;
	const duplicates = countDuplicates(faults.records);
	const findings = [...findingsOfRecords(faults, rows, records, duplicates), ...all.flatMap(column => column.findings)];
	const listed = findings.sort(compareFindings).slice(0, limit);
	const keys = all.filter(column => column.duplicates !== null);
	const isExact = all.every(column => column.isExact && column.duplicates?.exact !== false);
	return {
		rows,
		score: rows === 0 ? null : scoreOf(sharesOf(all, faults, rows, records)),
		score_exact: isExact ? undefined : false,
		formula: SCORE_FORMULA,
		columns: all.map(finishColumn),
		duplicate_keys: keys.length === 0 ? null : finishKeys(keys),
		duplicate_records: finishDuplicates(duplicates),
		finding_count: {value: findings.length, exact: true},
		findings: listed.map(finding => finishFinding(finding, faults.sources <= 1)),
	};
}

const finishColumn = (column: ColumnQuality): ResultObject => ({
	name: column.name,
	missing: column.missing,
	out_of_type: column.outOfType,
	blanks: column.blanks,
	case_variants: column.caseVariants,
	outliers: column.outliers,
	constant: column.isConstant,
	empty: column.isEmpty,
	...(!column.isExact && {exact: false}),
});

const finishDuplicates = ({value, exact, error}: Duplicates): ResultObject => ({
	value,
	exact,
	...(error !== null && {error}),
});

/** Files may have keys of different names: then they are counted for each name. */
function finishKeys(keys: readonly ColumnQuality[]): ResultObject {
	const all = keys.flatMap(({duplicates}) => duplicates ?? []);
	const errors = all.flatMap(({error}) => error ?? []);
	return {
		column: keys.map(({name}) => name).join(', '),
		...finishDuplicates({
			value: all.reduce((sum, {value}) => sum + value, 0),
			exact: errors.length === 0,
			error: errors.length === 0 ? null : Math.max(...errors),
		}),
	};
}

function sharesOf(
	columns: readonly ColumnQuality[],
	{ragged, notUtf8}: TableFaults,
	rows: number,
	records: number,
): Parameters<typeof scoreOf>[0] {
	const used = columns.filter(({isEmpty}) => !isEmpty);
	const sum = (figure: (column: ColumnQuality) => number): number =>
		used.reduce((all, column) => all + figure(column), 0);
	const present = sum(({cells, missing}) => cells - missing);
	return {
		missing: {faults: sum(({missing}) => missing), all: sum(({cells}) => cells)},
		outOfType: {faults: sum(({outOfType}) => outOfType), all: present},
		duplicateKeys: {faults: sum(({duplicates}) => duplicates?.value ?? 0), all: records},
		forms: {faults: sum(({blanks, caseVariants}) => blanks + caseVariants), all: present},
		structural: {faults: ragged.count + notUtf8.count, all: rows},
	};
}

function findingsOfRecords(
	faults: TableFaults,
	rows: number,
	records: number,
	duplicates: Duplicates,
): readonly Finding[] {
	const {ragged, notUtf8} = faults;
	const isOrAre = (count: number): string => (count === 1 ? 'is' : 'are');
	const findings: readonly Finding[] = [
		{
			kind: 'ragged',
			column: null,
			...ragged,
			of: rows,
			text: `${countOf(ragged.count, 'record')} of ${inWords(rows)} ${isOrAre(ragged.count)} malformed`,
			error: null,
		},
		{
			kind: 'invalid-utf8',
			column: null,
			...notUtf8,
			of: rows,
			text: `${countOf(notUtf8.count, 'record')} of ${inWords(rows)} ${isOrAre(notUtf8.count)} not UTF-8, so the file is read as Windows-1252`,
			error: null,
		},
		{
			kind: 'duplicate-records',
			column: null,
			count: duplicates.value,
			of: records,
			first: firstDuplicates(faults.records).map(({again, before}) => ({
				...again,
				text: faults.sources <= 1 ? `same as line ${before.line}` : '',
			})),
			text: `${countOf(duplicates.value, 'record')} of ${inWords(records)} ${isOrAre(duplicates.value)} the same as another one in front`,
			error: duplicates.error,
		},
	];
	return findings.filter(({count}) => count > 0);
}
