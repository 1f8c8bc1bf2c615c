import type {AnalysisInfo} from '../model/analysis-info.ts';
import {activity} from './builtin/activity.ts';
import {columnTypesAlone} from './builtin/column-types.ts';
import {lines} from './builtin/lines.ts';
import {profile} from './builtin/profile.ts';
import {quality} from './builtin/quality.ts';
import {sales} from './builtin/sales.ts';
import {transactions} from './builtin/transactions.ts';
import type {AnalysisDeclaration} from './declaration.ts';
import {describeAnalysis} from './describe-analysis.ts';
import {questionNamed} from './question/named-question.ts';
import {layOutStates, type StateLayout} from './state-layout.ts';

/** The built-in analyses. Where headers fit several equally well, the first one counts. */
const builtin: readonly AnalysisDeclaration[] = [transactions, sales, activity, profile, quality, lines];

/** All that this thread knows, the built-in ones first. Analyses are only added, so that a name means the same for good. */
const declarations = new Map(builtin.map(declaration => [declaration.name, declaration]));

if (declarations.size !== builtin.length) throw new Error('Expected built-in analyses of different names');

/** What commands ask of files beside the analyses, which nobody can choose. */
const unlisted = new Map([columnTypesAlone].map(declaration => [declaration.name, declaration]));

/** Of the built-in analyses. */
export const analysisNames: readonly string[] = builtin.map(({name}) => name);

/** Those that are tried where nothing is asked for: what is in data comes before what is wrong with it. */
export const detectedNames: readonly string[] = analysisNames.filter(name => name !== quality.name);

/**
The analyses to choose from by the header of a file: one, or several; `null` for the built-in ones. Or several that are combined: all of them
that its header fits are made of a file in one pass.
*/
export type AnalysisChoice = string | readonly string[] | CombinedAnalyses | null;

export interface CombinedAnalyses {
	/** At least two different names. */
	readonly allOf: readonly string[];
}

const isCombination = (choice: AnalysisChoice): choice is CombinedAnalyses =>
	choice !== null && typeof choice === 'object' && 'allOf' in choice;

/** Whether several analyses are made of a file, and not one of them. */
export const areCombined = (choice: AnalysisChoice): boolean => isCombination(choice);

export function namesOf(choice: AnalysisChoice): readonly string[] {
	if (choice === null) return detectedNames;
	if (typeof choice === 'string') return [choice];
	return isCombination(choice) ? choice.allOf : choice;
}

/**
All of the analyses in one pass; of one alone it is what it is.

@throws {RangeError} When they cannot share a pass.
*/
export function combineAnalyses(names: readonly string[]): AnalysisChoice {
	const allOf = [...new Set(names)];
	const [first, ...others] = allOf;
	if (first !== undefined && others.length === 0) return first;
	const fault = findCombinationFault(allOf);
	if (fault !== undefined) throw new RangeError(fault);
	return {allOf};
}

/** The kernel has room for 64. */
const MAX_COMBINED = 50;

/**
Says why analyses cannot share a pass, and what can. Names that are not known are passed over.

@param others - Analyses that are not known yet.
*/
export function findCombinationFault(
	names: readonly string[],
	others: readonly AnalysisDeclaration[] = [],
): string | undefined {
	if (names.length === 0) return 'the list of analyses for one pass is empty';
	if (names.length > MAX_COMBINED) return `at most ${MAX_COMBINED} analyses can share a pass, not ${names.length}`;
	const all = new Map([...others.map(each => [each.name, each] as const), ...declarations]);
	const readsLines = (name: string): boolean => all.get(name)?.reads === 'lines';
	const ofLines = names.find(readsLines);
	if (ofLines === undefined) return undefined;
	const sharing = Array.from(all.keys()).filter(name => !readsLines(name));
	return `${ofLines} reads lines of text, and only analyses that read records can share a pass: ${sharing.join(', ')}. Run ${ofLines} by itself`;
}

export const isAnalysisName = (name: string): boolean => declarations.has(name) || questionNamed(name) !== undefined;

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
		if (analysisNames.includes(name) || unlisted.has(name))
			throw new RangeError(`The name ${name} belongs to a built-in analysis`);
		if (known === undefined) declarations.set(name, declaration);
		else if (known !== declaration && JSON.stringify(known) !== JSON.stringify(declaration))
			throw new RangeError(`The name ${name} belongs to another analysis`);
	}
}

/** What other threads must be told: all that has been added, in its order. */
export const registeredAnalyses = (): readonly AnalysisDeclaration[] =>
	Array.from(declarations.values()).slice(builtin.length);

/** @throws {Error} When there is no such analysis. */
export function declarationOf(name: string): AnalysisDeclaration {
	const declaration = declarations.get(name) ?? unlisted.get(name) ?? questionNamed(name);
	if (declaration === undefined) throw new Error(`Expected the name of an analysis, but got ${name}`);
	return declaration;
}

/**
Whether files are read as the lines of any text, without a header.

@returns The analysis for that; `null` where records are read.
*/
export const linesAnalysisOf = (choice: AnalysisChoice): string | null => {
	if (choice === null || isCombination(choice)) return null;
	const [name, ...others] = namesOf(choice);
	return name !== undefined && others.length === 0 && declarationOf(name).reads === 'lines' ? name : null;
};

/** What may be made of files that are texts and not records. */
export const textAnalysesOf = (choice: AnalysisChoice): readonly string[] =>
	namesOf(choice).filter(name => {
		const {reads, alsoReads} = declarationOf(name);
		return reads === 'lines' || alsoReads === 'lines';
	});

/** What is made of texts where any table is read, whatever its header is, and one of the two is chosen. */
export const textsBesideColumnsOf = (choice: AnalysisChoice): readonly string[] =>
	readsAnyHeader(choice) && !isCombination(choice) ? textAnalysesOf(choice) : [];

/** What is made of tables whose header fits no analysis, where there is a choice; `null` where that is nothing. */
export const columnsFallbackOf = (choice: AnalysisChoice): string | null =>
	isCombination(choice) ? null : (namesOf(choice).find(name => declarationOf(name).reads === 'columns') ?? null);

/** Whether columns are read whatever the header is: where nothing else is asked for, or other analyses in the same pass. */
export const readsAnyHeader = (choice: AnalysisChoice): boolean => {
	const readings = choice === null ? [] : namesOf(choice).map(name => declarationOf(name).reads);
	return (
		readings.includes('columns') &&
		(isCombination(choice) || !readings.some((reads = 'records') => reads === 'records'))
	);
};

export const layoutOf = (name: string): StateLayout => layOutStates(declarationOf(name));

/** What events tell of the analyses that may be chosen. */
export const describeAnalyses = (choice: AnalysisChoice): readonly AnalysisInfo[] =>
	namesOf(choice).map(name => describeAnalysis(declarationOf(name)));
