import { describe, expect, it } from '@jest/globals';
import { typesV1 } from '@rapport/contracts';
import fc from 'fast-check';
import { boardCells } from './pipeline-board/board-cells.js';
import { moneySum } from './money-sum.js';

const MOST = Number.MAX_SAFE_INTEGER;

describe('a sum of amounts', () => {
  it('is a number as long as that says it exactly, and text beyond', () => {
    for (const minor of [0, MOST, -MOST]) expect(moneySum(BigInt(minor), 'USD')).toEqual({ minor, currency: 'USD' });
    expect(moneySum(2n * BigInt(MOST), 'USD')).toEqual({ currency: 'USD', largeMinor: '18014398509481982' });
    expect(moneySum(-BigInt(MOST) - 1n, 'USD')).toEqual({ currency: 'USD', largeMinor: '-9007199254740992' });
  });

  it('comes over either wire as it is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (minor) => {
        const { MoneySum } = typesV1;
        const sum = moneySum(minor, 'USD');
        const answers = [
          MoneySum.decode(MoneySum.encode(MoneySum.fromPartial(sum)).finish()),
          JSON.parse(JSON.stringify(sum)),
        ];
        for (const { minor: small, largeMinor, currency } of answers as typesV1.MoneySum[])
          expect([BigInt(largeMinor ?? small!), currency]).toEqual([minor, 'USD']);
      }),
    );
  });

  it('reads and writes as an amount wherever an amount can say it', () => {
    const { Money, MoneySum } = typesV1;
    const money = { minor: -105400, currency: 'USD' };
    expect(Buffer.from(MoneySum.encode(MoneySum.fromPartial(money)).finish())).toEqual(
      Buffer.from(Money.encode(money).finish()),
    );
  });

  it('has its carries declared where cells add it up', () => {
    expect(boardCells.declaration.fields).toMatchObject({ amountMinor: 'number', amountMinorCarry: 'number' });
  });
});
