import {type ReactNode, type RefObject, useEffect, useState} from 'react';
import {T} from '../texts.ts';
import {firstDirection, readSort, SORT_KEYS, type Sort, type SortKey} from './arrange-rows.ts';

interface FilterBarProps {
	readonly q: string;
	readonly onFilter: (q: string) => void;
	readonly fault: string | null;
	readonly sort: Sort;
	readonly onSort: (sort: Sort) => void;
	readonly input: RefObject<HTMLInputElement | null>;
	readonly children: ReactNode;
}

const TYPING_MS = 150;

/** The terms of the terminal, as one types. */
export function FilterBar({q, onFilter, fault, sort, onSort, input, children}: FilterBarProps): ReactNode {
	const [typed, setTyped] = useState(q);
	useEffect(() => setTyped(q), [q]);
	useEffect(() => {
		if (typed === q) return;
		const timer = setTimeout(() => onFilter(typed), TYPING_MS);
		return () => clearTimeout(timer);
	}, [typed, q, onFilter]);
	return (
		<div className="bar">
			<search className="filter">
				<label htmlFor="filter">{T.files.filter}</label>
				<input
					id="filter"
					ref={input}
					type="search"
					placeholder={T.files.filterHint}
					title={T.files.filterHelp}
					spellCheck={false}
					autoComplete="off"
					value={typed}
					aria-invalid={fault !== null || undefined}
					aria-describedby={fault === null ? undefined : 'filter-fault'}
					onChange={event => setTyped(event.target.value)}
					onKeyDown={event => {
						if (event.key === 'Escape') {
							setTyped('');
							onFilter('');
							event.currentTarget.blur();
						} else if (event.key === 'Enter') onFilter(typed);
					}}
				/>
				{fault !== null && (
					<p id="filter-fault" className="wrong" role="alert">
						{fault}
					</p>
				)}
			</search>
			<div className="sorting">
				<label htmlFor="sort">{T.files.sortBy}</label>
				<select
					id="sort"
					value={sort.key}
					onChange={event => {
						const {key} = readSort(event.target.value);
						onSort({key, isDescending: firstDirection(key)});
					}}
				>
					{SORT_KEYS.map((key: SortKey) => (
						<option key={key} value={key}>
							{T.files.columns[key]}
						</option>
					))}
				</select>
			</div>
			{children}
		</div>
	);
}
