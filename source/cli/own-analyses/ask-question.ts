// A question of the command line becomes an analysis of this run, the only one.
import {declareQuestion, QuestionError} from '../../analysis/question/declare-question.ts';
import {QUESTION_NAME} from '../../analysis/question/question-name.ts';
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

/** The first flag of a question; `undefined` where there is none. */
function findQuestion(settings: RunSettings): string | undefined {
	const [, flag] = Object.entries(flags).find(([name]) => isGiven(settings[name as keyof typeof flags])) ?? [];
	return flag;
}

/**
@returns The settings of a run that answers the question; `null` if no flag asks one.
@throws {UsageError} When it cannot be answered.
*/
export function askQuestion(settings: RunSettings): RunSettings | null {
	const flag = findQuestion(settings);
	if (flag === undefined) return null;
	if (settings.analysis !== null)
		throw new UsageError(`${flag} asks a question instead of an analysis: leave out it or --analysis.`);
	try {
		registerAnalyses([declareQuestion(settings)]);
	} catch (error) {
		if (error instanceof QuestionError) throw new UsageError(`${flags[error.flag]}: ${error.message}.`);
		throw error;
	}
	return {...settings, analysis: QUESTION_NAME};
}
