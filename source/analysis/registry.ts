import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {Analysis} from './analysis.ts';
import {transactions as transactionsDeclaration} from './builtin/transactions.ts';
import type {AnalysisDeclaration} from './declaration.ts';
import {describeAnalysis} from './describe-analysis.ts';
import type {AnalysisName} from './results.ts';
import {transactions} from './transactions/transactions.ts';

/** Every analysis there is, by its name. */
export const analyses: {readonly [Name in AnalysisName]: Analysis<Name>} = {transactions};

export const analysisNames: readonly AnalysisName[] = ['transactions'];

export const isAnalysisName = (name: string): name is AnalysisName => Object.hasOwn(analyses, name);

const declarations: {readonly [Name in AnalysisName]: AnalysisDeclaration} = {transactions: transactionsDeclaration};

export const declarationOf = (analysis: AnalysisName): AnalysisDeclaration => declarations[analysis];

/** What events tell of the analyses that may be chosen: of the wanted one alone, or of all. */
export const describeAnalyses = (wanted: AnalysisName | null): readonly AnalysisInfo[] =>
	(wanted === null ? analysisNames : [wanted]).map(name => describeAnalysis(declarations[name]));
