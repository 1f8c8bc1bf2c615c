// A question in one line → a declaration and a condition, or what is wrong with it, for people.
import type {AnalysisDeclaration} from '../declaration.ts';
import {declareQuestion, type Question, QuestionError} from './declare-question.ts';
import {parseQuestion} from './parse-question.ts';
import {ExpressionError} from './tokens.ts';

export type Understood =
	| {readonly declaration: AnalysisDeclaration; readonly where: string | null}
	| {readonly problem: string};

/** The clauses that are not called as in a `Question`. */
const clauses: Partial<Record<keyof Question, string>> = {groupBy: 'by', orderBy: 'order by'};

export function understandQuestion(text: string): Understood {
	try {
		const {question, where} = parseQuestion(text);
		return {declaration: declareQuestion(question), where};
	} catch (error) {
		if (error instanceof ExpressionError) return {problem: error.message};
		if (error instanceof QuestionError) return {problem: describeQuestionError(error)};
		throw error;
	}
}

/** What cannot be asked, by the word that stands for it in the line. */
export const describeQuestionError = ({flag, message}: QuestionError): string => `${clauses[flag] ?? flag}: ${message}`;
