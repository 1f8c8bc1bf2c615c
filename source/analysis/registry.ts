import type {AnalysisInfo} from '../model/analysis-info.ts';
import {sales} from './builtin/sales.ts';
import {transactions} from './builtin/transactions.ts';
import type {AnalysisDeclaration} from './declaration.ts';
import {describeAnalysis} from './describe-analysis.ts';
import {layOutStates, type StateLayout} from './state-layout.ts';

/** The built-in analyses. Where headers fit several equally well, the first one counts. */
const builtin: readonly AnalysisDeclaration[] = [transactions, sales];

const declarations = new Map(builtin.map(declaration => [declaration.name, declaration]));

export const analysisNames: readonly string[] = builtin.map(({name}) => name);

export const isAnalysisName = (name: string): boolean => declarations.has(name);

/** @throws {Error} When there is no such analysis. */
export function declarationOf(name: string): AnalysisDeclaration {
	const declaration = declarations.get(name);
	if (declaration === undefined) throw new Error(`Expected the name of an analysis, but got ${name}`);
	return declaration;
}

export const layoutOf = (name: string): StateLayout => layOutStates(declarationOf(name));

/** What events tell of the analyses that may be chosen: of the wanted one alone, or of all. */
export const describeAnalyses = (wanted: string | null): readonly AnalysisInfo[] =>
	(wanted === null ? analysisNames : [wanted]).map(name => describeAnalysis(declarationOf(name)));
