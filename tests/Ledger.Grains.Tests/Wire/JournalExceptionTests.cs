using Ledger.Grains.Journal;

namespace Ledger.Grains.Tests.Wire;

[Collection(nameof(TwoSilos))]
public sealed class JournalExceptionTests(TwoSilos silos)
{
    public static TheoryData<Type> AllExceptions =>
        [.. typeof(JournalException).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(JournalException)))];

    [Theory]
    [MemberData(nameof(AllExceptions))]
    public async Task An_exception_of_the_journal_crosses_with_its_type_and_text(Type type)
    {
        const string Text = "Nothing was written: the queue is full (1,000 sets). \u7a0d\u540e\u518d\u8bd5";
        foreach (var grain in new[] { await silos.Far(type.Name), await silos.Near(type.Name) })
        {
            var caught = await Assert.ThrowsAnyAsync<JournalException>(() => grain.Fail(type.Name, Text));
            Assert.Equal(type, caught.GetType());
            Assert.Equal(Text, caught.Message);
            Assert.Null(caught.InnerException);
        }
    }
}
