using Ledger.Api.Members;

namespace Ledger.Api.Tests.Members;

public sealed class MaskedNames
{
    [Theory]
    [InlineData("王明", "王*")]
    [InlineData("王小明", "王*明")]
    [InlineData("欧阳小明", "欧**明")]
    [InlineData("王", "*")]
    [InlineData("𠮷野家", "𠮷*家")]
    [InlineData("Anna Schmidt", "A*** S***")]
    [InlineData("Ng", "N***")]
    [InlineData("  María-José   Ölander ", "M*** Ö***")]
    [InlineData("Zoe\u0308", "Z***")]
    public void A_name_shows_enough_to_be_recognised_by_its_owner(string name, string masked) => Assert.Equal(masked, MaskedName.Of(name));
}
