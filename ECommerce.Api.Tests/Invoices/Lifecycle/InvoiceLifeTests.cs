using ECommerce.Features.Invoices.Lifecycle;

namespace ECommerce.Api.Tests.Invoices.Lifecycle;

public sealed class InvoiceLifeTests
{
    private const string A = "IT01234567897_0000A.xml";
    private const string B = "IT01234567897_0000B.xml";
    private static readonly DateTimeOffset Noon = new(2026, 11, 16, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Utc = TimeZoneInfo.Utc;

    private static readonly InvoiceLife New = new("2026/15", new DateOnly(2026, 11, 16));

    [Fact]
    public void Invoice_goes_from_pending_to_delivered()
    {
        var generated = New.Generate(A);
        var sent = generated.Send(A);

        Assert.Equal(InvoiceState.Pending, New.State);
        Assert.Equal(InvoiceState.Generated, generated.State);
        Assert.Equal(InvoiceState.Sent, sent.State);
        Assert.Equal(InvoiceState.Delivered, sent.Notify(Delivered(A, "111")).State);
        Assert.Equal(InvoiceState.Undeliverable, sent.Notify(Undelivered(A, "111")).State);
        Assert.Equal(InvoiceState.Rejected, sent.Notify(Rejected(A, "111", "00423")).State);
    }

    [Fact]
    public void File_that_was_sent_twice_after_a_timeout_is_delivered_once()
    {
        var life = New.Generate(A).Send(A).TimeOut(A).Generate(B).Send(B)
            .Notify(Delivered(A, "111")).Notify(Rejected(B, "112", "00404"));

        Assert.Equal((InvoiceState.Delivered, "111"), (life.State, life.SdiId));
        Assert.Equal(ResendKind.Issued, Advice(life).Kind);
        Assert.False(life.IsContradicted);
    }

    [Fact]
    public void Duplicate_after_a_resend_means_that_the_first_file_was_accepted()
    {
        var duplicate = New.Generate(A).Send(A).Generate(B).Send(B).Notify(Rejected(B, "112", "00404"));
        var life = duplicate.Notify(Delivered(A, "111"));

        Assert.Equal(InvoiceState.Delivered, duplicate.State);
        Assert.True(duplicate.IsPresumedAccepted);
        Assert.True(duplicate.NeedsLookup);
        Assert.False(Advice(duplicate).IsAllowed);
        Assert.Equal((InvoiceState.Delivered, "111"), (life.State, life.SdiId));
        Assert.False(life.NeedsLookup);
    }

    [Fact]
    public void Rejected_invoice_is_sent_again_with_the_same_number_under_a_new_name()
    {
        var rejected = New.Generate(A).Send(A).Notify(Rejected(A, "111", "00423"));

        Assert.Equal(ResendKind.NewName, Advice(rejected).Kind);
        Assert.Throws<InvalidOperationException>(() => rejected.Generate(A.ToLowerInvariant()));

        var life = rejected.Generate(B).Send(B).Notify(Delivered(B, "113"));

        Assert.Equal(("2026/15", new DateOnly(2026, 11, 16)), (life.Number, life.Date));
        Assert.Equal((InvoiceState.Delivered, "113"), (life.State, life.SdiId));
        Assert.Equal(["111", "113"], life.Files.Select(file => file.SdiId));
    }

    [Fact]
    public void Second_answer_about_a_file_changes_nothing_and_is_marked()
    {
        var life = New.Generate(A).Send(A).Notify(Rejected(A, "111", "00423")).Notify(Delivered(A, "111"));

        Assert.Equal(InvoiceState.Rejected, life.State);
        Assert.True(life.IsContradicted);
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void Resend_more_than_five_days_after_the_rejection_is_late(int days, bool isLate)
    {
        var life = New.Generate(A).Send(A).Notify(Rejected(A, "111", "00423"));

        var advice = ResendAdvice.For(life, New.Date.AddDays(days), Utc);

        Assert.Equal((ResendKind.NewName, isLate), (advice.Kind, advice.IsLate));
    }

    [Theory]
    [InlineData("00002")]
    [InlineData("00404")]
    [InlineData("00409")]
    public void Duplicate_without_an_earlier_file_is_looked_up_first(string code)
    {
        var life = New.Generate(A).Send(A).Notify(Rejected(A, "111", code));

        Assert.Equal(InvoiceState.Sent, life.State);
        Assert.Equal(ResendKind.LookUpFirst, Advice(life).Kind);
    }

    [Fact]
    public void Refusal_by_the_provider_keeps_the_name()
    {
        var refused = New.Generate(A).Send(A).RefuseByProvider(A);

        Assert.Equal(InvoiceState.Generated, refused.State);
        Assert.Equal(ResendKind.SameName, Advice(refused).Kind);

        var life = refused.Generate(A).Send(A);

        Assert.Equal(InvoiceState.Sent, life.State);
        Assert.Single(life.Files);
    }

    [Fact]
    public void Refused_file_after_a_rejection_leaves_the_invoice_rejected()
    {
        var life = New.Generate(A).Send(A).Notify(Rejected(A, "111", "00423")).Generate(B).Send(B).RefuseByProvider(B);

        Assert.Equal(InvoiceState.Rejected, life.State);
        Assert.Equal(ResendKind.SameName, Advice(life).Kind);
    }

    [Fact]
    public void Timeout_is_looked_up_before_the_file_is_sent_again()
    {
        var life = New.Generate(A).TimeOut(A);

        Assert.Equal(InvoiceState.Sent, life.State);
        Assert.Equal(ResendKind.LookUpFirst, Advice(life).Kind);
        Assert.Equal(ResendKind.SameName, Advice(life.NotFound(A)).Kind);
    }

    [Fact]
    public void Answer_may_come_before_the_file_is_known_to_be_sent()
    {
        var life = New.Generate(A).Notify(Delivered(A, "111")).Send(A).TimeOut(A).RefuseByProvider(A);

        Assert.Equal(InvoiceState.Delivered, life.State);
    }

    [Fact]
    public void Notification_of_another_file_changes_nothing() =>
        Assert.Equal(InvoiceState.Sent, New.Generate(A).Send(A).Notify(Delivered(B, "9")).State);

    [Fact]
    public void Issued_invoice_has_no_further_files() => Assert.Throws<InvalidOperationException>(
        () => New.Generate(A).Send(A).Notify(Undelivered(A, "111")).Generate(B));

    // Every order and repetition of the same answers to three files, where at most one is accepted.
    [Fact]
    public void State_does_not_depend_on_the_order_and_repetition_of_notifications()
    {
        const string C = "IT01234567897_0000C.xml";
        FileNotification[][] stories =
        [
            [Delivered(A, "1"), Rejected(B, "2", "00404"), Rejected(C, "3", "00002")],
            [Rejected(A, "1", "00423"), Undelivered(B, "2"), Rejected(C, "3", "00404")],
            [Rejected(A, "1", "00423"), Rejected(B, "2", "00200"), Rejected(C, "3", "00305")],
            [Rejected(A, "1", "00404"), Rejected(B, "2", "00404"), Delivered(C, "3")],
        ];
        var sent = New.Generate(A).Send(A).Generate(B).Send(B).Generate(C).Send(C);
        var random = new Random(20261116);
        foreach (var story in stories)
        {
            var expected = story.Aggregate(sent, (life, notification) => life.Notify(notification));
            for (var i = 0; i < 200; i++)
            {
                FileNotification[] order = [.. story, .. story];
                random.Shuffle(order);
                var life = sent;
                foreach (var notification in order)
                {
                    var before = life.State;
                    life = life.Notify(notification);
                    if (before is InvoiceState.Delivered or InvoiceState.Undeliverable)
                        Assert.True(life.State is InvoiceState.Delivered or InvoiceState.Undeliverable);
                }
                Assert.Equal((expected.State, expected.SdiId), (life.State, life.SdiId));
                Assert.False(life.IsContradicted);
            }
        }
    }

    private static ResendAdvice Advice(InvoiceLife life) => ResendAdvice.For(life, New.Date, Utc);

    private static FileNotification Delivered(string file, string id) =>
        new(NotificationKind.Delivery, file, id, Noon);

    private static FileNotification Undelivered(string file, string id) =>
        new(NotificationKind.DeliveryFailure, file, id, Noon);

    private static FileNotification Rejected(string file, string id, params string[] codes) =>
        new(NotificationKind.Rejection, file, id, Noon) { Codes = codes };
}
