import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {AnalysisDeclaration} from './declaration.ts';

/** What an output must know of an analysis. */
export const describeAnalysis = ({name, title, reads, columns, views}: AnalysisDeclaration): AnalysisInfo => ({
	name,
	title,
	// Lines have no header, so a file needs no columns for them.
	columns: Object.entries(reads === 'lines' ? {} : columns).map(([column, {is, isOptional}]) => ({
		name: column,
		type: is,
		isOptional: isOptional === true,
	})),
	views,
});
