using Ledger.Grains.Communities;
using Ledger.Grains.Tests.Clocks;

namespace Ledger.Grains.Tests.Communities;

/// <summary>What the tests of catalogued programmes do not reach: readings that last, and more than one community.</summary>
public class RememberedListTests
{
    private static readonly CommunityId Garden = CommunityId.Parse("garden");
    private static readonly CommunityId Harbour = CommunityId.Parse("harbour");

    private readonly List<TaskCompletionSource<string>> _readings = [];
    private readonly MovedTime _time = new();
    private readonly RememberedList<string> _list;

    public RememberedListTests() => _list = new(
        _ =>
        {
            _readings.Add(new());
            return _readings[^1].Task;
        },
        _time);

    [Fact]
    public async Task Callers_that_come_during_the_first_reading_wait_for_it()
    {
        var (one, other) = (Ask(), Ask());
        _readings.Single().SetResult("first");
        Assert.Equal(("first", "first"), (await one, await other));
    }

    [Fact]
    public async Task While_one_caller_renews_a_reading_the_others_go_on_with_it()
    {
        await First();
        _time.Move(RememberedList.FreshFor);
        Assert.Equal("first", await Ask());
        Assert.Equal("first", await Ask());
        Assert.Equal(2, _readings.Count);
        _readings[1].SetResult("second");
        Assert.Equal("second", await Ask());
        Assert.Equal(2, _readings.Count);
    }

    [Fact]
    public async Task Nobody_goes_on_with_a_reading_that_is_too_old_and_all_wait_for_one_renewal()
    {
        await First();
        _time.Move(RememberedList.UsableFor);
        var (one, other) = (Ask(), Ask());
        Assert.False(one.IsCompleted || other.IsCompleted);
        Assert.Equal(2, _readings.Count);
        _readings[1].SetResult("second");
        Assert.Equal(("second", "second"), (await one, await other));
    }

    [Fact]
    public async Task A_change_during_a_renewal_is_not_hidden_by_its_answer()
    {
        await First();
        _time.Move(RememberedList.FreshFor);
        _ = await Ask();
        _list.Refresh();
        var changed = Ask();
        _readings[1].SetResult("from before the change");
        _readings[2].SetResult("changed");
        Assert.Equal(("changed", "changed"), (await changed, await Ask()));
    }

    [Fact]
    public async Task Communities_have_readings_of_their_own()
    {
        await First();
        var other = _list.Of(Harbour).AsTask();
        _readings[1].SetResult("the harbour's");
        Assert.Equal(("first", "the harbour's"), (await Ask(), await other));
    }

    private Task<string> Ask() => _list.Of(Garden).AsTask();

    private async Task First()
    {
        var reading = Ask();
        _readings.Single().SetResult("first");
        Assert.Equal("first", await reading);
    }
}
