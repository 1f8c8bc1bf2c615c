import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {AnalysisDeclaration} from './declaration.ts';
import {viewsOf} from './describe-views.ts';

/** What an output must know of an analysis. */
export const describeAnalysis = (declaration: AnalysisDeclaration): AnalysisInfo => ({
	name: declaration.name,
	title: declaration.title,
	// Lines have no header, so a file needs no columns for them.
	columns: Object.entries(declaration.reads === 'lines' ? {} : declaration.columns).map(([name, {is, optional}]) => ({
		name,
		type: is,
		isOptional: optional === true,
	})),
	views: viewsOf(declaration),
});
