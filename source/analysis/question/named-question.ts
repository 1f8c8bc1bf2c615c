// Questions of which there may be many at a time, as on a server: each is an analysis whose name says what is asked, so every thread knows it by that,
// and nobody has to be told of it.
import type {AnalysisDeclaration} from '../declaration.ts';
import {declareQuestion, type Question, QuestionError} from './declare-question.ts';
import {QUESTION_NAME} from './question-name.ts';
import {ExpressionError} from './tokens.ts';

/** What follows is hexadecimal: names of analyses have letters and digits, and reports part several by commas. */
const PREFIX = `${QUESTION_NAME}-`;
/** It is made again in some microseconds. */
const MAX_KNOWN = 64;

const known = new Map<string, AnalysisDeclaration>();

/** The same for the same question. */
export const nameOfQuestion = ({groupBy, sum, mean, min, max, distinct, orderBy, limit}: Question): string =>
	PREFIX + Buffer.from(JSON.stringify([groupBy, sum, mean, min, max, distinct, orderBy, limit])).toString('hex');

/** Also of the one question of a command line, which has the bare name. */
export const isQuestionName = (name: string): boolean => name === QUESTION_NAME || name.startsWith(PREFIX);

/** As reports and tables have it: for people it is the question. */
export const shownName = (analysis: string): string => (isQuestionName(analysis) ? QUESTION_NAME : analysis);

/** `undefined`: the name is not that of a question. */
export function questionNamed(name: string): AnalysisDeclaration | undefined {
	if (!name.startsWith(PREFIX)) return undefined;
	const before = known.get(name);
	if (before !== undefined) return before;
	const declaration = declare(name);
	if (declaration === undefined) return undefined;
	const [first] = known.keys();
	if (known.size >= MAX_KNOWN && first !== undefined) known.delete(first);
	known.set(name, declaration);
	return declaration;
}

function declare(name: string): AnalysisDeclaration | undefined {
	try {
		const parts: unknown = JSON.parse(Buffer.from(name.slice(PREFIX.length), 'hex').toString());
		if (!isQuestion(parts)) return undefined;
		const [groupBy, sum, mean, min, max, distinct, orderBy, limit] = parts;
		return {...declareQuestion({groupBy, sum, mean, min, max, distinct, orderBy, limit}), name};
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof QuestionError || error instanceof ExpressionError)
			return undefined;
		throw error;
	}
}

type Texts = readonly string[];
type Parts = readonly [
	groupBy: string | null,
	...measures: [sum: Texts, mean: Texts, min: Texts, max: Texts, distinct: Texts],
	orderBy: string | null,
	limit: number | null,
];

function isQuestion(parts: unknown): parts is Parts {
	if (!Array.isArray(parts) || parts.length !== 8) return false;
	const isText = (part: unknown): boolean => part === null || typeof part === 'string';
	const areTexts = (part: unknown): boolean => Array.isArray(part) && part.every(each => typeof each === 'string');
	const [groupBy, orderBy, limit] = [parts[0], parts[6], parts[7]];
	const isLimit = limit === null || typeof limit === 'number';
	return isText(groupBy) && isText(orderBy) && isLimit && parts.slice(1, 6).every(areTexts);
}
