// Amounts by month, as an analysis on demand gives them.
import {amountByMonth} from '../../source/analysis/builtin/amount-by-month.ts';
import {describeAnalysis} from '../../source/analysis/describe-analysis.ts';
import type {ResultObject} from '../../source/model/analysis-info.ts';
import type {OnDemand, ReadingSoFar} from '../../source/model/run-control.ts';
import type {KnownReading} from '../../source/ui/views/on-demand-lines.ts';

export interface MonthFigure {
	/** `YYYY-MM`. */
	readonly month: string;
	/** An exact decimal. */
	readonly amount: string;
}

export interface MonthsSoFar extends Omit<ReadingSoFar, 'result'> {
	readonly months: readonly MonthFigure[];
}

type AskMonths = (
	file: string,
	signal: AbortSignal,
	onSoFar?: (soFar: MonthsSoFar) => void,
) => Promise<readonly MonthFigure[] | null>;

const info = describeAnalysis(amountByMonth);

const resultOf = (months: readonly MonthFigure[]): ResultObject => ({months: months.map(month => ({...month}))});

/** The months of a result. */
export const monthsOf = ({months}: ResultObject): readonly MonthFigure[] => months as unknown as readonly MonthFigure[];

/** Asks a run for the months of a file. */
export async function askMonths(
	onDemand: OnDemand | undefined,
	...[file, signal, onSoFar]: Parameters<AskMonths>
): Promise<readonly MonthFigure[] | null> {
	const result = await onDemand?.read(info.name, file, signal, ({result, ...part}) =>
		onSoFar?.({months: monthsOf(result), ...part}),
	);
	return result == null ? null : monthsOf(result);
}

/** What answers as a run would. */
export const onDemandOf = (ask: AskMonths): OnDemand => ({
	analyses: [info],
	async read(analysis, file, signal, onSoFar) {
		if (analysis !== info.name) throw new Error(`Expected to be asked for ${info.name}`);
		const months = await ask(file, signal, ({months, ...part}) => onSoFar?.({result: resultOf(months), ...part}));
		return months === null ? null : resultOf(months);
	},
});

/** What the dashboard knows of months. */
export const knownMonths = (months: readonly MonthFigure[], part: KnownReading['part'] = null): KnownReading => ({
	info,
	result: resultOf(months),
	part,
});
