// A question of the command line becomes an analysis of this run, the only one.
import {declareQuestion, QUESTION_NAME, QuestionError} from '../../analysis/question/declare-question.ts';
import {registerAnalyses} from '../../analysis/registry.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {UsageError} from '../arguments/usage-error.ts';

const flags = {
	groupBy: '--group-by',
	sum: '--sum',
	mean: '--mean',
	min: '--min',
	max: '--max',
	distinct: '--distinct',
	orderBy: '--order-by',
	limit: '--limit',
} as const;

const isGiven = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== null);

/** The first flag that asks something; `undefined` where there is none. */
function findQuestion(settings: RunSettings): string | undefined {
	const {orderBy, limit, ...asking} = flags;
	const [key] = Object.entries(asking).find(([name]) => isGiven(settings[name as keyof typeof asking])) ?? [];
	if (key !== undefined) return flags[key as keyof typeof flags];
	const [stray] = Object.entries({orderBy, limit}).find(([name]) => isGiven(settings[name as 'orderBy'])) ?? [];
	if (stray === undefined) return undefined;
	throw new UsageError(`${flags[stray as 'orderBy']} belongs to a question with --group-by, which is not given.`);
}

/**
@returns The settings of a run that answers the question; `null` where none is asked.
@throws {UsageError} When it cannot be answered.
*/
export function askQuestion(settings: RunSettings): RunSettings | null {
	const flag = findQuestion(settings);
	if (flag === undefined) return null;
	if (settings.analysis !== null)
		throw new UsageError(`${flag} asks a question instead of an analysis: leave out it or --analysis.`);
	if (settings.groupBy === null && isGiven(settings.orderBy))
		throw new UsageError('--order-by needs --group-by: without it there is one row.');
	try {
		registerAnalyses([declareQuestion(settings)]);
	} catch (error) {
		if (error instanceof QuestionError) throw new UsageError(`${flags[error.flag]}: ${error.message}.`);
		throw error;
	}
	return {...settings, analysis: QUESTION_NAME};
}
