/** Made by `vite.config.ts`. */
declare module 'virtual:analyses' {
	import type {AnalysisInfo} from '../model/analysis-info.ts';

	const analyses: readonly AnalysisInfo[];
	export default analyses;
}

declare module '*.css';
