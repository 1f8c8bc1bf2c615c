// Analyses that no report has and no run pays for: a file is read for them when somebody looks at it. A server makes them when it is asked to.
import type {AnalysisInfo} from '../model/analysis-info.ts';
import {amountByMonth} from './builtin/amount-by-month.ts';
import type {AnalysisDeclaration} from './declaration.ts';
import {describeAnalysis} from './describe-analysis.ts';
import {analysisNames, declarationOf} from './registry.ts';

export const onDemandAnalyses: readonly AnalysisDeclaration[] = [amountByMonth];

/** All that can be asked of a server. */
export const servedNames: readonly string[] = [...analysisNames, ...onDemandAnalyses.map(({name}) => name)];

export const describeServed = (): readonly AnalysisInfo[] =>
	[...analysisNames.map(declarationOf), ...onDemandAnalyses].map(describeAnalysis);
