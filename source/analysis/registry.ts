import type {AnalysisInfo} from '../model/analysis-info.ts';
import {activity} from './builtin/activity.ts';
import {lines} from './builtin/lines.ts';
import {sales} from './builtin/sales.ts';
import {transactions} from './builtin/transactions.ts';
import type {AnalysisDeclaration} from './declaration.ts';
import {describeAnalysis} from './describe-analysis.ts';
import {layOutStates, type StateLayout} from './state-layout.ts';

/** The built-in analyses. Where headers fit several equally well, the first one counts. */
const builtin: readonly AnalysisDeclaration[] = [transactions, sales, activity, lines];

/** All that this thread knows, the built-in ones first. Analyses are only added, so that a name means the same for good. */
const declarations = new Map(builtin.map(declaration => [declaration.name, declaration]));

if (declarations.size !== builtin.length) throw new Error('Expected built-in analyses of different names');

/** Of the built-in analyses. */
export const analysisNames: readonly string[] = builtin.map(({name}) => name);

/** The analyses to choose from by the header: one, or several; `null` for the built-in ones. */
export type AnalysisChoice = string | readonly string[] | null;

export const namesOf = (choice: AnalysisChoice): readonly string[] =>
	choice === null ? analysisNames : typeof choice === 'string' ? [choice] : choice;

export const isAnalysisName = (name: string): boolean => declarations.has(name);

/** Of all that this thread knows. */
export const knownNames = (): readonly string[] => Array.from(declarations.keys());

/**
Adds analyses that are not built in. One that is known already is left as it is.

@throws {RangeError} When a name belongs to another analysis.
*/
export function registerAnalyses(own: readonly AnalysisDeclaration[]): void {
	for (const declaration of own) {
		const {name} = declaration;
		const known = declarations.get(name);
		if (known === undefined) declarations.set(name, declaration);
		else if (analysisNames.includes(name)) throw new RangeError(`The name ${name} belongs to a built-in analysis`);
		else if (known !== declaration && JSON.stringify(known) !== JSON.stringify(declaration))
			throw new RangeError(`The name ${name} belongs to another analysis`);
	}
}

/** What other threads must be told: all that has been added, in its order. */
export const registeredAnalyses = (): readonly AnalysisDeclaration[] =>
	Array.from(declarations.values()).slice(builtin.length);

/** @throws {Error} When there is no such analysis. */
export function declarationOf(name: string): AnalysisDeclaration {
	const declaration = declarations.get(name);
	if (declaration === undefined) throw new Error(`Expected the name of an analysis, but got ${name}`);
	return declaration;
}

/** Whether any of them has functions. */
export const hasFunctions = (choice: AnalysisChoice): boolean =>
	choice !== null && namesOf(choice).some(name => declarations.get(name)?.code !== undefined);

/**
Whether files are read as the lines of any text, without a header.

@returns The analysis for that; `null` where records are read.
*/
export function linesAnalysisOf(choice: AnalysisChoice): string | null {
	const [name, ...others] = choice === null ? [] : namesOf(choice);
	return name !== undefined && others.length === 0 && declarationOf(name).reads === 'lines' ? name : null;
}

/** What is made of files that are texts and not records, where there is a choice; `null` where that is nothing. */
export const linesFallbackOf = (choice: AnalysisChoice): string | null =>
	namesOf(choice).find(name => declarationOf(name).reads === 'lines') ?? null;

export const layoutOf = (name: string): StateLayout => layOutStates(declarationOf(name));

/** What events tell of the analyses that may be chosen. */
export const describeAnalyses = (choice: AnalysisChoice): readonly AnalysisInfo[] =>
	namesOf(choice).map(name => describeAnalysis(declarationOf(name)));
