import type {Extra} from './round.js';

/**
 * Conditions and verdicts that answer the same packet one way now and another way later, and two whose question no reader answers
 * (what the sender's system looks like, an option of TCP). Rules with them are generated apart from all others.
 */
const nft = {
	matches: [
		'limit rate 1/minute burst 1 packets',
		'limit rate over 1/minute burst 1 packets',
		'numgen random mod 2 0',
		'numgen inc mod 2 0',
		'symhash mod 2 0',
		'jhash th sport mod 2 seed 0xdeadbeef 0',
		'quota over 100 bytes',
		'quota 100 bytes',
		'ct count over 1',
		'ct bytes > 100',
		'meta cpu 0',
		'meta hour "00:00"-"12:00"',
		'osf name "Linux"',
		'tcp option maxseg size 1-1400',
	],
	verdicts: [],
};

const xt = {
	matches: [
		'-m limit --limit 1/min --limit-burst 1',
		'-m hashlimit --hashlimit-upto 1/min --hashlimit-burst 1 --hashlimit-mode srcip --hashlimit-name h1',
		'-m recent --rcheck --name r1 --rsource',
		'-m recent --set --name r1 --rsource',
		'-m recent --update --seconds 60 --hitcount 2 --name r1 --rsource',
		'-m statistic --mode random --probability 0.5',
		'-m statistic --mode nth --every 2 --packet 0',
		'-m connlimit --connlimit-above 1 --connlimit-mask 32 --connlimit-saddr',
		'-m connbytes --connbytes 100 --connbytes-mode bytes --connbytes-dir both',
		'-m quota --quota 100',
		'-m time --timestart 00:00:00 --timestop 12:00:00',
		'-m cpu --cpu 0',
		'-m string --string dockhop --algo bm --to 65535',
		'-m u32 --u32 0x0&0xff=0x0',
		'-p tcp -m osf --genre Linux',
		'-p tcp -m tcpmss --mss 1000:2000',
	],
	verdicts: ['-j NFQUEUE --queue-num 0', '-j NFQUEUE --queue-num 0 --queue-bypass'],
};

/** Each of them several times: about every second rule has one. */
export const unfixed: Extra = {
	nft: {...nft, matches: [nft, nft, nft].flatMap(({matches}) => matches)},
	xt: {...xt, matches: [xt, xt, xt].flatMap(({matches}) => matches)},
};

/** Whether the text of a rule has one of them. `--set` alone of recent matches always. */
export function isUnfixed(text: string): boolean {
	return words.test(text.replace(/-m recent --set\b/g, ''));
}

const words =
	/\b(limit|hashlimit|recent|statistic|connlimit|connbytes|quota|time|cpu|string|u32|osf|tcpmss|NFQUEUE|numgen|symhash|jhash|maxseg|hour)\b|ct (count|bytes)/;
