import type {ReactNode} from 'react';
import {Link} from 'wouter';

interface TabsProps<Part extends string> {
	readonly label: string;
	/** Of the view, without its part. */
	readonly path: string;
	readonly titles: Readonly<Record<Part, string>>;
	readonly parts: readonly Part[];
	readonly shown: Part;
}

/** Parts of a view, each with an address of its own. */
export const Tabs = <Part extends string>({label, path, titles, parts, shown}: TabsProps<Part>): ReactNode => (
	<nav className="tabs" aria-label={label}>
		{parts.map(part => (
			<Link key={part} href={`${path}/${part}`} aria-current={part === shown ? 'page' : undefined}>
				{titles[part]}
			</Link>
		))}
	</nav>
);
