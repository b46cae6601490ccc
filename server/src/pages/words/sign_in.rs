//! Signing in: the two steps, invitations and new passwords.

use crate::auth::SHORTEST_PASSWORD;

words! {
    FORGOT = "Forgot your password?";
    FORGOT_TITLE = "A new password";
    FORGOT_NOTE = "Give the e-mail address by which you sign in. If somebody with it works here, a link to choose a new password goes there.";
    FORGOT_SEND = "Send the link";
    FORGOT_SENT = "If somebody with this address works here, a link is on its way. It works for an hour.";
    FORGOT_ADMIN = "Nothing came? Not every house sends mail: an admin can make you a link under Settings, People.";
    ADDRESS = "E-mail address or login name";
    BACK_TO_SIGN_IN = "Back to signing in";

    CODE_TITLE = "The second step";
    CODE_NOTE = "Type the six digits that your app shows now.";
    CODE = "Code";
    CODE_LOST = "No app at hand? A recovery code does as well; each is good once.";
    CODE_GO_ON = "Go on";
    CODE_WRONG = "This is not the code that the app shows now. Each code is good once: wait for the next one.";
    CODE_OVER = "This took too long, or there were too many wrong codes. Sign in again.";

    SET_UP_TITLE = "Set up the second step";
    SET_UP_DEMANDED = "Your role asks for a second step when signing in.";
    SET_UP_SCAN = "Take a picture of this with an app that shows codes, such as Aegis, 1Password or Google Authenticator.";
    SET_UP_TYPE = "Or type this into it:";
    SET_UP_CODE = "Then type the code that it shows";
    SET_UP_PICTURE = "A picture of squares for the app";

    RECOVERY_TITLE = "Keep these recovery codes";
    RECOVERY_NOTE = "Each of them signs you in once when the app is lost. They are shown this once: print them or keep them with your passwords.";
    RECOVERY_KEPT = "I have kept them";

    JOIN_TITLE = "Welcome to Whom";
    YOUR_NAME = "Your name";
    NEW_PASSWORD = "New password";
    JOIN = "Begin";
    RESET_TITLE = "Choose a new password";
    RESET = "Keep it";
    RESET_NOTE = "You are signed out everywhere else.";
    INVITATION_OVER_TITLE = "This link is over";
    INVITATION_OVER = "It was used before, was taken back, or its time has ended. Ask an admin for a new one.";
}

/// Whose password it is that is being chosen.
pub(crate) fn signs_in_as(login: &str) -> String {
    format!("You sign in as {login}.")
}

/// What a password has to be.
pub(crate) fn password_rules() -> String {
    format!(
        "At least {SHORTEST_PASSWORD} characters. Four unusual words are better than one with signs in it."
    )
}
