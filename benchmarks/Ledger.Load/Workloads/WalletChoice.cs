namespace Ledger.Load.Workloads;

/// <summary>Which wallet is next.</summary>
internal interface IWalletChoice
{
    /// <summary>A place from 0.</summary>
    int Next(Random random);
}

/// <summary>Every wallet as often as any other.</summary>
internal sealed class EvenChoice(int count) : IWalletChoice
{
    public int Next(Random random) => random.Next(count);
}

/// <summary>
/// Zipf's law with exponent 1: the second wallet half as often as the first, the third a third as often. Of 100,000 wallets the first one
/// gets 8 % of all commands, the first hundred 43 %: harsher than any community.
/// </summary>
internal sealed class ZipfChoice : IWalletChoice
{
    private readonly double[] _upTo;

    public ZipfChoice(int count)
    {
        _upTo = new double[count];
        var sum = 0.0;
        for (var place = 0; place < count; place++)
        {
            sum += 1.0 / (place + 1);
            _upTo[place] = sum;
        }
    }

    public int Next(Random random)
    {
        var found = Array.BinarySearch(_upTo, random.NextDouble() * _upTo[^1]);
        return Math.Min(found < 0 ? ~found : found, _upTo.Length - 1);
    }
}
