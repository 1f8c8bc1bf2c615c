import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {AnalysisDeclaration} from './declaration.ts';

/** What an output must know of an analysis. */
export const describeAnalysis = ({name, title, columns, views}: AnalysisDeclaration): AnalysisInfo => ({
	name,
	title,
	columns: Object.entries(columns).map(([column, {is, isOptional}]) => ({
		name: column,
		type: is,
		isOptional: isOptional === true,
	})),
	views,
});
