// The types of results, inferred from declarations.
import type {BusiestHour, DateRange, DistinctCount, LongestLine} from '../model/results.ts';
import type {
	AnalysisDeclaration,
	BusiestHourMeasure,
	CountMeasure,
	CountsMeasure,
	DateRangeMeasure,
	DistinctKeysMeasure,
	DistinctMeasure,
	ExtremeMeasure,
	GroupCountMeasure,
	GroupKey,
	GroupMeasure,
	LineCountMeasure,
	LongestMeasure,
	MeanMeasure,
	NearestMeasure,
	SumMeasure,
	TableErrorMeasure,
	TopMeasure,
	TotalMeasure,
} from './declaration.ts';

/** There are more groups than can be kept; no other figure depends on them. */
export interface TableError<Table extends string = string> {
	readonly code: `TOO_MANY_${Uppercase<Table>}`;
	/** For people. */
	readonly message: string;
}

/** Exact decimals are texts. @typeParam Sure - Numbers and dates that each record has. */
type ValueOf<M, Sure> = M extends CountMeasure | TotalMeasure | LineCountMeasure
	? number
	: M extends NearestMeasure
		? number | null
		: M extends DateRangeMeasure
			? DateRange | null
			: M extends DistinctMeasure | DistinctKeysMeasure
				? DistinctCount
				: M extends GroupCountMeasure
					? DistinctCount | null
					: M extends CountsMeasure
						? readonly number[]
						: M extends BusiestHourMeasure
							? BusiestHour | null
							: M extends LongestMeasure
								? LongestLine | null
								: M extends TopMeasure<string, infer Name>
									? readonly TopRow<Name>[]
									: M extends GroupMeasure<infer Rows, infer Key>
										? readonly RowOf<Rows, Key, Sure>[]
										: string | null;

type TopRow<Name extends string> = {readonly [Key in Name]: string} & {readonly count: number; readonly exact: boolean};

type RowOf<Rows, Key extends GroupKey, Sure> = {readonly [Name in Key['name']]: string} & {
	readonly [Name in keyof Rows]: Rows[Name] extends
		| SumMeasure<infer Of>
		| MeanMeasure<infer Of>
		| ExtremeMeasure<infer Of>
		? Of extends Sure
			? string
			: string | null
		: ValueOf<Rows[Name], Sure>;
};

type Declared = Pick<AnalysisDeclaration, 'columns' | 'measures'>;
type SureNumbers<Columns extends Declared['columns']> = {
	[Name in keyof Columns]: Columns[Name] extends {optional: true} ? never : Name;
}[keyof Columns];
type ErrorNames<Measures> = {
	[Name in keyof Measures]: Measures[Name] extends TableErrorMeasure ? Name : never;
}[keyof Measures];

/** The result of an analysis: its measures by their names. */
export type ResultOf<D extends Declared> = {
	readonly [Name in Exclude<keyof D['measures'], ErrorNames<D['measures']>>]: ValueOf<
		D['measures'][Name],
		SureNumbers<D['columns']>
	>;
} & {
	readonly [Name in ErrorNames<D['measures']>]?: D['measures'][Name] extends TableErrorMeasure<infer Table>
		? TableError<Table>
		: never;
};
