using System.Xml.Linq;
using ECommerce.Api.Tests.Invoices.Validation;
using ECommerce.Features.Invoices.Validation;

namespace ECommerce.Api.Tests.Invoices.Sdi;

/// <summary>
/// Each check of the SDI, from its sides: our validator and the mock, which share no code, report the same code, and
/// beside it only what the same change causes.
/// </summary>
public sealed class SdiFaultTests(SdiMock mock) : IClassFixture<SdiMock>
{
    private static readonly Dictionary<string, SdiFault> Faults = SdiFaults.All.ToDictionary(fault => $"{fault}");

    private static readonly Dictionary<string, SdiFault> Rights =
        SdiAmountFaults.Accepted().ToDictionary(right => $"{right}");

    public static TheoryData<string> Names => [.. Faults.Keys];

    public static TheoryData<string> RightNames => [.. Rights.Keys];

    [Fact]
    public void Each_code_is_tested_or_has_a_reason()
    {
        var codes = SdiCode.All.Select(code => code.Code).ToArray();
        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.Equal(
            SdiCode.All.Where(code => code.Seen == SeenBy.Both).Select(code => code.Code).Order(),
            Faults.Values.Select(fault => fault.Code).Concat(SdiFileTests.Codes).Distinct().Order());
        Assert.Equal(
            SdiCode.All.Where(code => code.Seen == SeenBy.Sdi).Select(code => code.Code).Order(),
            SdiListTests.OnlySdi.Order());
        Assert.All(
            SdiCode.All, code => Assert.Equal(code.Seen == SeenBy.Both, code.Why.Length == 0));
    }

    [Fact]
    public void Each_code_of_the_validator_is_known()
    {
        var codes = typeof(FaultCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!)
            .Where(code => char.IsAsciiDigit(code[0])).ToArray();

        Assert.NotEmpty(codes);
        Assert.Empty(codes.Except(SdiCode.All.Select(code => code.Code)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Validator_reports_the_code(string name) => AssertFound(Faults[name], Faults[name].Make().Codes());

    [Theory]
    [MemberData(nameof(Names))]
    public async Task SDI_reports_the_code(string name) =>
        AssertFound(Faults[name], await mock.SendAsync(Faults[name].Make().Bytes()));

    [Theory]
    [MemberData(nameof(SchemaTests.Values), MemberType = typeof(SchemaTests))]
    public async Task SDI_refuses_a_value_of_another_form(string path, string value)
    {
        var invoice = MutableInvoice.Create().With(i => i.Root.With(path, value));
        // Other tests spoil the same value, and bytes are used once.
        invoice.General.Add(new XElement("Causale", "Forma"));

        Assert.Equal(["00200"], await mock.SendAsync(invoice.Bytes()));
    }

    [Theory]
    [MemberData(nameof(RightNames))]
    public async Task Value_inside_of_the_tolerance_is_accepted_by_both(string name)
    {
        // Documents with one number would be duplicates.
        var invoice = Rights[name].Make().With(right =>
            right.General.With("Numero", $"2026/{Array.IndexOf([.. Rights.Keys], name) + 200}"));

        Assert.Empty(invoice.Codes());
        Assert.Empty(await mock.SendAsync(invoice.Bytes()));
    }

    private static void AssertFound(SdiFault fault, string[] found)
    {
        Assert.Contains(fault.Code, found);
        Assert.Empty(found.Except([fault.Code]).Except(fault.Companions.Split(' ')));
    }
}
