import type {Analysis} from './analysis.ts';
import type {AnalysisName} from './results.ts';
import {transactions} from './transactions/transactions.ts';

/** Every analysis there is, by its name. */
export const analyses: {readonly [Name in AnalysisName]: Analysis<Name>} = {transactions};

export const analysisNames: readonly AnalysisName[] = ['transactions'];

export const isAnalysisName = (name: string): name is AnalysisName => Object.hasOwn(analyses, name);
