import type {Gap} from '../model/index.js';
import {clean} from '../text/clean.js';
import type {Listener} from './listener.js';

/** Why a watching program sees nothing: it is not installed, lacks the right, or failed in its own words. */
export function whyBlind(program: string, {ended, said, throughHelper}: Pick<Listener, 'ended' | 'said' | 'throughHelper'>): Gap {
	if (throughHelper && ended === 'exit 127')
		return {
			id: 'no-program',
			why: `${program} is not in the helper's image`,
			tell: `--helper with an image that has ${packages[program] ?? program}`,
		};
	if (ended === 'ENOENT' || new RegExp(`failed to execute .*${program}`).test(said))
		return {id: 'no-program', why: `${program} is not installed`, tell: `apt install ${packages[program] ?? program}`};
	if (/permission|permitted|must be root/i.test(said))
		return {id: 'no-permission', why: `what ${program} shows is visible to root only`, tell: 'sudo dockhop'};
	const words = clean(said.trim().split('\n').at(-1) ?? '', 160);
	return {id: 'read-failed', why: `${program} failed: ${words || ended || 'it did not begin in time'}`, tell: program};
}

const packages: Record<string, string> = {nft: 'nftables'};
