// Analyses that no report has and no run pays for: a file is read for them when somebody looks at it.
import {amountByMonth} from './builtin/amount-by-month.ts';
import type {AnalysisDeclaration} from './declaration.ts';

export const onDemandAnalyses: readonly AnalysisDeclaration[] = [amountByMonth];
