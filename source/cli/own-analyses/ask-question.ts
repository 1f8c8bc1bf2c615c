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

/** What a flag, or an option of a task, is about. */
export type QuestionPart = keyof typeof flags;

const isGiven = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== null);

/** The first part of a question that is given; `undefined` where there is none. */
export const findQuestion = (settings: Pick<RunSettings, QuestionPart>): QuestionPart | undefined =>
	(Object.keys(flags) as QuestionPart[]).find(name => isGiven(settings[name]));

/**
@returns The settings of a run that answers the question; `null` if no flag asks one.
@throws {UsageError} When it cannot be answered.
*/
export function askQuestion(settings: RunSettings): RunSettings | null {
	const part = findQuestion(settings);
	if (part === undefined) return null;
	if (settings.analysis !== null)
		throw new UsageError(`${flags[part]} asks a question instead of an analysis: leave out it or --analysis.`);
	try {
		registerAnalyses([declareQuestion(settings)]);
	} catch (error) {
		if (error instanceof QuestionError) throw new UsageError(`${flags[error.flag]}: ${error.message}.`);
		throw error;
	}
	return {...settings, analysis: QUESTION_NAME};
}
