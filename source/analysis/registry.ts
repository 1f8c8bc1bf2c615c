import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {AnalysisName} from '../model/results.ts';
import {sales} from './builtin/sales.ts';
import {transactions} from './builtin/transactions.ts';
import type {AnalysisDeclaration} from './declaration.ts';
import {describeAnalysis} from './describe-analysis.ts';
import {layOutStates, type StateLayout} from './state-layout.ts';

/** Every analysis there is, by its name. Where headers fit several equally well, the first one counts. */
export const analyses: {readonly [Name in AnalysisName]: AnalysisDeclaration} = {transactions, sales};

export const analysisNames = Object.keys(analyses) as readonly AnalysisName[];

export const isAnalysisName = (name: string): name is AnalysisName => Object.hasOwn(analyses, name);

export const layoutOf = (name: AnalysisName): StateLayout => layOutStates(analyses[name]);

/** What events tell of the analyses that may be chosen: of the wanted one alone, or of all. */
export const describeAnalyses = (wanted: AnalysisName | null): readonly AnalysisInfo[] =>
	(wanted === null ? analysisNames : [wanted]).map(name => describeAnalysis(analyses[name]));
